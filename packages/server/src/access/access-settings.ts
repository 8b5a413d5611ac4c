import { AvxError } from "@avx/model";
import type { TlsPaths } from "./tls-files.ts";

/** The settings of who may reach the server. */
export interface AccessSettings {
  readonly tls: TlsPaths | undefined;
  readonly allowedHosts: readonly string[];
}

type Setting = (
  flag: "tls-cert" | "tls-key" | "allowed-hosts",
  variable: string,
  fallback: string,
) => string;

/** Throws `invalid_config` when only one of the two TLS files is named, or a host has a wrong form. */
export function accessSettings(setting: Setting): AccessSettings {
  const certFile = setting("tls-cert", "AVX_TLS_CERT", "");
  const keyFile = setting("tls-key", "AVX_TLS_KEY", "");
  if ((certFile === "") !== (keyFile === "")) {
    const option = certFile === "" ? "--tls-cert" : "--tls-key";
    throw new AvxError("invalid_config", { option, reason: "TLS needs a certificate and its key" });
  }
  return { tls: certFile === "" ? undefined : { certFile, keyFile }, allowedHosts: hosts(setting) };
}

function hosts(setting: Setting): readonly string[] {
  const names = setting("allowed-hosts", "AVX_ALLOWED_HOSTS", "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  const wrong = names.find((name) => !/^(\*|\[[0-9a-f:.]+\]|[\w.-]{1,253})$/i.test(name));
  if (wrong === undefined) return names;
  const reason = `"${wrong}" is not a host name; names are without scheme and port`;
  throw new AvxError("invalid_config", { option: "--allowed-hosts", reason });
}
