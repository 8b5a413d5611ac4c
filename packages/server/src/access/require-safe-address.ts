import { AvxError } from "@avx/model";
import type { ServerConfig } from "../config.ts";
import { isLoopback } from "./allowed-hosts.ts";

/**
 * An address that others can reach needs keys and TLS, or a second word: throws `invalid_config` that
 * names the option. While the options are read nobody knows yet of keys.
 */
export function requireSafeAddress(
  config: Pick<
    ServerConfig,
    "insecure" | "tls" | "listen" | "otlpListen" | "otlpGrpcListen" | "dataDir"
  >,
  hasKeys: boolean | "unknown",
): void {
  const addresses = {
    "--listen": config.listen,
    "--otlp-listen": config.otlpListen,
    "--otlp-grpc-listen": config.otlpGrpcListen,
  };
  if (config.insecure || (config.tls !== undefined && hasKeys !== false)) return;
  const missing = [
    ...(config.tls ? [] : ["TLS (--tls-cert, --tls-key)"]),
    ...(hasKeys === true ? [] : ["an API key (avx keys create --role admin)"]),
  ];
  for (const [option, address] of Object.entries(addresses)) {
    if (address === undefined || isLoopback(address.host)) continue;
    const reason =
      `${address.host} can be reached from other machines: that needs ${missing.join(" and ")}, ` +
      "or --insecure to accept that it is open";
    throw new AvxError("invalid_config", { option, reason });
  }
}
