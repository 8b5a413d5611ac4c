import type { ServerConfig } from "../config.ts";
import type { Log } from "../self/log.ts";
import { Gate } from "./gate.ts";
import { KeyFolder } from "./key-folder.ts";
import { KeyRing } from "./key-ring.ts";
import { requireSafeAddress } from "./require-safe-address.ts";
import { TlsFiles } from "./tls-files.ts";

/** What all ports of a server have in common. */
export interface Access {
  readonly gate: Gate;
  /** Undefined: plain. */
  readonly tls: TlsFiles | undefined;
  readonly log: Log;
  readonly allowedHosts: readonly string[];
}

/** Who may enter and how the ports are encrypted. Throws `invalid_config`, `data_dir_unusable`. */
export function openAccess(
  config: ServerConfig,
  { nowMs, log }: { readonly nowMs: () => number; readonly log: Log },
): Access {
  const gate = new Gate(new KeyRing(new KeyFolder(config.dataDir), nowMs), nowMs);
  requireSafeAddress(config, !gate.isOpen);
  const tls = config.tls && new TlsFiles(config.tls);
  return { gate, tls, log, allowedHosts: config.allowedHosts };
}

/** Reads certificates and the scrape configuration again; without either, scraping says so. */
export function reloadOf(
  { tls }: Access,
  scraping: { readonly configFile: string | undefined; reload(): Promise<void> },
): () => Promise<void> {
  return async () => {
    tls?.reload();
    if (tls === undefined || scraping.configFile !== undefined) await scraping.reload();
  };
}
