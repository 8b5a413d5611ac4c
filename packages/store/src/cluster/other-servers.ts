import type { TimeRange } from "@avx/model";
import { AvxError, type Matcher } from "@avx/model";
import { strings } from "../engine/block-access.ts";
import type { AcceptanceOptions } from "../head/acceptance.ts";
import { ClusterEngine } from "./cluster-engine.ts";
import type { ClusterPeer } from "./cluster-metrics.ts";
import type { ClusterConnection } from "./cluster-options.ts";
import { ForeignMetrics } from "./foreign-metrics.ts";
import type { HttpEngine } from "./http-engine.ts";

/** The last table that a server makes: once it is there all others are. */
const LAST_TABLE = "rollups";

/** What is known of the other servers. */
export interface OtherServersOptions extends Pick<AcceptanceOptions, "retentionMs" | "nowMs"> {
  readonly connection: ClusterConnection;
}

/** The servers that have ever written metrics into the cluster, but for ourselves. */
export class OtherServers {
  readonly #http: HttpEngine;
  readonly #options: OtherServersOptions;
  readonly #byWriter = new Map<number, ForeignMetrics>();

  constructor(http: HttpEngine, options: OtherServersOptions) {
    this.#http = http;
    this.#options = options;
  }

  get size(): number {
    return this.#byWriter.size;
  }

  all(): Iterable<ForeignMetrics> {
    return this.#byWriter.values();
  }

  /** Looks for what they have put into the cluster. */
  async refresh(): Promise<void> {
    const { connection } = this.#options;
    for (const writer of await this.#writers()) {
      if (writer === connection.writer || this.#byWriter.has(writer)) continue;
      const engine = new ClusterEngine(this.#http, { ...connection, writer });
      this.#byWriter.set(writer, new ForeignMetrics(engine, this.#options));
    }
    for (const other of this.#byWriter.values()) await other.refresh();
  }

  async #writers(): Promise<number[]> {
    const prefix = `${LAST_TABLE}_w`;
    const answer = await this.#http.query(
      `SELECT name FROM system.tables WHERE database = 'avx' AND match(name, '^${prefix}[0-9]+$')`,
    );
    const found: number[] = [];
    for (const block of answer) {
      for (let row = 0; row < block.rows; row++) {
        found.push(Number(strings(block, "name").text(row).slice(prefix.length)));
      }
    }
    return found.sort((a, b) => a - b);
  }

  /** Drops whole days of theirs: a server that is no more would never do it. */
  async dropBefore(table: "chunks" | "rollups", beforeMs: number): Promise<void> {
    for (const other of this.#byWriter.values()) await other.dropBefore(table, beforeMs);
  }

  /**
   * Deletes what others have taken until now. Those that run do it themselves, as they have samples in
   * memory; what the rest left in the cluster is deleted here. Rejects with `store_unavailable` when a
   * peer does not answer: the request may be sent again.
   */
  async deleteSeries(
    { selectors, range }: { selectors: readonly (readonly Matcher[])[]; range: TimeRange },
    peers: readonly ClusterPeer[],
  ): Promise<void> {
    const asked = await Promise.allSettled(
      peers.map((peer) => peer.deleteSeries(selectors, range)),
    );
    await this.refresh();
    const answered = new Set(asked.map((one) => (one.status === "fulfilled" ? one.value : -1)));
    for (const [writer, other] of this.#byWriter) {
      if (!answered.has(writer)) await other.deleteSeries(selectors, range);
    }
    const failed = asked.find((one) => one.status === "rejected");
    if (failed === undefined) return;
    const reason = "a server in front of the cluster did not answer and may still have the samples";
    throw new AvxError(
      "store_unavailable",
      { reason, retryAfterSeconds: 10 },
      { cause: failed.reason },
    );
  }
}
