import { readFile } from "node:fs/promises";
import {
  createClusterStore,
  createEmbeddedStore,
  createMemoryStore,
  type OwnPart,
  type Store,
} from "@avx/store";
import { decodeOtlpLogsProtobuf, decodeOtlpTracesProtobuf } from "@avx/wire";
import { createPeerClient } from "./cluster/peer-client.ts";
import type { ServerConfig } from "./config.ts";
import type { Log } from "./self/log.ts";

/** The store, and of a cluster the part of it that is this server's own. */
export async function openStore(
  config: ServerConfig,
  { nowMs, log }: { readonly nowMs: () => number; readonly log: Log },
): Promise<{ readonly store: Store; readonly own: OwnPart | undefined }> {
  const { retentionMs, traceRetentionMs, logRetentionMs, rollupRetentionMs, dataDir } = config;
  const acceptTimestamps = config.acceptTimestamps === "any" ? "any" : "window";
  const retention = { retentionMs, traceRetentionMs, logRetentionMs, rollupRetentionMs };
  const limits = {
    ...(config.maxSeries !== undefined && { maxSeries: config.maxSeries }),
    ...(config.maxServiceSeries !== undefined && { maxServiceSeries: config.maxServiceSeries }),
  };
  const options = { ...retention, nowMs, acceptTimestamps, limits } as const;
  if (config.store === "memory") return { store: createMemoryStore(options), own: undefined };
  const embedded = {
    ...{ ...options, dataDir, log: (line: string) => log("warn", line) },
    engineIdleMs: config.engineIdleMs,
    decodeSpans: decodeOtlpTracesProtobuf,
    decodeLogs: decodeOtlpLogsProtobuf,
  };
  if (config.cluster === undefined) {
    return { store: await createEmbeddedStore(embedded), own: undefined };
  }
  const { url, name: cluster, writer, peers, caFile } = config.cluster;
  const ca = caFile === undefined ? {} : { ca: await readFile(caFile, "utf8") };
  const connection = { url, cluster, writer, ...ca };
  const store = await createClusterStore({
    ...{ ...embedded, connection, peers: peers.map(createPeerClient) },
  });
  return { store, own: store.own };
}
