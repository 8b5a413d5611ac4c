import { AvxError } from "@avx/model";
import { lockDirectory } from "../embedded/directory-lock.ts";
import {
  type EmbeddedStore,
  type EmbeddedStoreOptions,
  openOnEngine,
} from "../embedded/embedded-store.ts";
import type { MetricStore, StoreAdmin } from "../store.ts";
import { ClusterEngine } from "./cluster-engine.ts";
import { ClusterMetrics, type ClusterPeer } from "./cluster-metrics.ts";
import type { ClusterConnection } from "./cluster-options.ts";
import { HttpEngine } from "./http-engine.ts";
import { OtherServers } from "./other-servers.ts";

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

/** What a server took itself: the answer to its peers. */
export interface OwnPart {
  readonly metrics: MetricStore;
  /** The server's number. */
  readonly writer: number;
  deleteSeries: StoreAdmin["deleteSeries"];
}

/** The store, and what tests hurry along. */
export interface ClusterStore extends EmbeddedStore {
  readonly own: OwnPart;
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
    const others = new OtherServers(http, options);
    await others.refresh();
    const shared = {
      writer: connection.writer,
      hasOthers: () => others.size > 0,
      dropBefore: others.dropBefore.bind(others),
    };
    const engine = new ClusterEngine(http, connection);
    const own = await openOnEngine({ ...options, shared }, engine, release);
    return withOthers(own, others, options);
  } catch (error) {
    await http?.stop();
    release();
    throw error;
  }
}

function withOthers(
  own: EmbeddedStore,
  others: OtherServers,
  { connection, peers, log, nowMs }: ClusterStoreOptions,
): ClusterStore {
  const say = limitedLog(log, nowMs);
  let refreshing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    refreshing = refreshing
      .then(() => others.refresh())
      .catch((error: unknown) => say(`cannot see what other servers have stored: ${error}`));
  }, REFRESH_MS).unref();
  const metrics = new ClusterMetrics({
    ...{ own: own.metrics, peers, foreign: () => others.all() },
    onPeerFailure: (error) =>
      say(`a peer does not answer, its recent samples are missing: ${error}`),
  });
  const { admin } = own;
  return {
    ...own,
    metrics,
    own: {
      metrics: own.metrics,
      writer: connection.writer,
      deleteSeries: (...asked) => admin.deleteSeries(...asked),
    },
    admin: {
      ...admin,
      snapshot: refuseSnapshot,
      async deleteSeries(selectors, range) {
        await admin.deleteSeries(selectors, range);
        await others.deleteSeries({ selectors, range }, peers);
      },
    },
    refresh: () => others.refresh(),
    async close() {
      clearInterval(timer);
      await refreshing;
      await own.close();
    },
  };
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
