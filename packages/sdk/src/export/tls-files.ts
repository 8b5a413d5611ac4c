import { AvxError } from "@avx/model";
import type { Environment } from "../environment.ts";
import { nodeFs } from "../lazy-builtins.ts";

/** Certificates and key of a connection, as PEM text. Absent: the system's authorities, no client. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the files that `<prefix>_CERTIFICATE`, `_CLIENT_CERTIFICATE` and `_CLIENT_KEY` name, for the
 * first prefix that has each. One that cannot be read is an `invalid_config`.
 */
export function tlsFiles(environment: Environment, prefixes: readonly string[]): TlsFiles {
  const text = (part: string): string | undefined => {
    for (const prefix of prefixes) {
      const option = `${prefix}_${part}`;
      const path = environment[option]?.trim();
      if (path !== undefined && path !== "") return fileText(option, path);
    }
    return undefined;
  };
  const ca = text("CERTIFICATE");
  const cert = text("CLIENT_CERTIFICATE");
  const key = text("CLIENT_KEY");
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function fileText(option: string, path: string): string {
  try {
    return nodeFs().readFileSync(path, "utf8");
  } catch (cause) {
    const reason = `${path} cannot be read`;
    throw new AvxError("invalid_config", { option, reason }, { cause });
  }
}
