import { AvxError } from "@avx/model";
import { lockDirectory } from "../embedded/directory-lock.ts";
import {
  type EmbeddedStore,
  type EmbeddedStoreOptions,
  openOnEngine,
} from "../embedded/embedded-store.ts";
import { strings } from "../engine/block-access.ts";
import type { MetricStore } from "../store.ts";
import { ClusterEngine } from "./cluster-engine.ts";
import { ClusterMetrics, type ClusterPeer } from "./cluster-metrics.ts";
import type { ClusterConnection } from "./cluster-options.ts";
import { ForeignMetrics } from "./foreign-metrics.ts";
import { HttpEngine } from "./http-engine.ts";

/** How often it is looked for what other servers have put into the cluster. */
const REFRESH_MS = 10_000;

/** A peer that is gone is spoken of once a minute. */
const REPEAT_LOG_MS = 60_000;

/** A store whose rows are in a cluster; the log and the recent samples are in `dataDir`. */
export interface ClusterStoreOptions extends EmbeddedStoreOptions {
  readonly connection: ClusterConnection;
  /** The other servers in front of the same cluster. */
  readonly peers: readonly ClusterPeer[];
}

/** The store, and what tests hurry along. */
export interface ClusterStore extends EmbeddedStore {
  /** What this server took itself: the answer to its peers. */
  readonly own: MetricStore;
  /** Looks for what other servers have put into the cluster. */
  refresh(): Promise<void>;
}

/**
 * Opens a store on a ClickHouse cluster: makes the tables that are missing, brings back what the log
 * in `dataDir` holds. Rejects with `store_unavailable` when the cluster does not answer, and as the
 * embedded store does when the directory cannot be used.
 */
export async function createClusterStore(options: ClusterStoreOptions): Promise<ClusterStore> {
  const { connection, dataDir } = options;
  const release = lockDirectory(dataDir);
  let http: HttpEngine | undefined;
  try {
    http = await HttpEngine.open(connection);
    const own = await openOnEngine(options, new ClusterEngine(http, connection), release);
    return await withOthers(own, http, options);
  } catch (error) {
    await http?.stop();
    release();
    throw error;
  }
}

async function withOthers(
  own: EmbeddedStore,
  http: HttpEngine,
  { connection, peers, log, nowMs }: ClusterStoreOptions,
): Promise<ClusterStore> {
  const foreign = new Map<number, ForeignMetrics>();
  const refresh = async (): Promise<void> => {
    for (const writer of await writers(http)) {
      if (writer === connection.writer || foreign.has(writer)) continue;
      foreign.set(writer, new ForeignMetrics(new ClusterEngine(http, { ...connection, writer })));
    }
    for (const other of foreign.values()) await other.refresh();
  };
  const say = limitedLog(log, nowMs);
  await refresh();
  let refreshing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    refreshing = refreshing
      .then(refresh)
      .catch((error: unknown) => say(`cannot see what other servers have stored: ${error}`));
  }, REFRESH_MS).unref();
  const metrics = new ClusterMetrics({
    ...{ own: own.metrics, peers, foreign: () => foreign.values() },
    onPeerFailure: (error) =>
      say(`a peer does not answer, its recent samples are missing: ${error}`),
  });
  const { admin } = own;
  return {
    ...own,
    metrics,
    own: own.metrics,
    ...(admin && { admin: { ...admin, snapshot: refuseSnapshot } }),
    refresh,
    async close() {
      clearInterval(timer);
      await refreshing;
      await own.close();
    },
  };
}

/** The numbers of the servers that have tables in the cluster. */
async function writers(http: HttpEngine): Promise<number[]> {
  const answer = await http.query(
    "SELECT name FROM system.tables WHERE database = 'avx' AND match(name, '^chunks_w[0-9]+$')",
  );
  const found: number[] = [];
  for (const block of answer) {
    for (let row = 0; row < block.rows; row++) {
      found.push(Number(strings(block, "name").text(row).slice("chunks_w".length)));
    }
  }
  return found.sort((a, b) => a - b);
}

/** A cluster has means of its own for this (BACKUP ... ON CLUSTER). */
function refuseSnapshot(): Promise<string> {
  const reason = "a cluster is backed up by its own BACKUP statement, see the scale-out guide";
  return Promise.reject(new AvxError("bad_request", { reason }));
}

function limitedLog(log: (line: string) => void, nowMs: () => number): (line: string) => void {
  let lastMs = -Infinity;
  return (line) => {
    if (nowMs() - lastMs < REPEAT_LOG_MS) return;
    lastMs = nowMs();
    log(line);
  };
}
