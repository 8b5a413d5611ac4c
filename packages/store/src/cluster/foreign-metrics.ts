import {
  compareLabels,
  type Exemplar,
  type LabelledSeries,
  type Labels,
  type Matcher,
  type MetricMetadata,
  type TimeRange,
} from "@avx/model";
import { SqlChunkStore } from "../embedded/chunks/sql-chunk-store.ts";
import { continued } from "../embedded/continued.ts";
import { dropOldPartitions } from "../embedded/drop-partitions.ts";
import { expiredPart, RollupReader } from "../embedded/rollups/rollup-reader.ts";
import { floats } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";
import type { AcceptanceOptions } from "../head/acceptance.ts";
import { LabelIndex } from "../head/label-index.ts";

/** What tells whether anything came or went: all of it grows, or is emptied. */
const SEEN = `SELECT toFloat64(max(cut)) AS newest, toFloat64(count()) AS chunks,
  toFloat64(ifNull((SELECT count() FROM avx.tombstones), 0)) AS deleted,
  toFloat64(ifNull((SELECT max(position) FROM avx.exemplars), 0)) AS exemplars,
  toFloat64(ifNull((SELECT max(written) FROM avx.metadata), 0)) AS metadata FROM avx.chunks`;

/** What was read of the tables the last time. */
interface Seen {
  readonly key: string;
  readonly index: LabelIndex;
  readonly chunks: SqlChunkStore;
  readonly metadata: readonly MetricMetadata[];
  readonly exemplars: readonly Exemplar[];
}

/** The metrics that another server has put into the cluster: read, and deleted on request. */
export class ForeignMetrics {
  readonly #engine: Engine;
  readonly #rollups: RollupReader;
  readonly #retention: Pick<AcceptanceOptions, "retentionMs" | "nowMs">;
  #seen: Seen;

  /** `engine` sees the other server's tables. */
  constructor(engine: Engine, retention: Pick<AcceptanceOptions, "retentionMs" | "nowMs">) {
    this.#engine = engine;
    this.#retention = retention;
    const chunks = new SqlChunkStore(engine);
    this.#seen = { key: "", index: new LabelIndex(), chunks, metadata: [], exemplars: [] };
    this.#rollups = new RollupReader({ engine, tombstones: () => this.#seen.chunks.deleted });
  }

  get metadata(): readonly MetricMetadata[] {
    return this.#seen.metadata;
  }

  /** Those that were in the other server's memory when it last put them into the cluster. */
  get exemplars(): readonly Exemplar[] {
    return this.#seen.exemplars;
  }

  /** Reads anew what there is, when anything has come or gone since the last time. */
  async refresh(): Promise<void> {
    const [answer] = await this.#engine.query(SEEN);
    const columns = ["newest", "chunks", "deleted", "exemplars", "metadata"];
    const key = columns.map((name) => (answer ? floats(answer, name)[0] : "")).join(" ");
    if (key === this.#seen.key) return;
    const index = new LabelIndex();
    const chunks = new SqlChunkStore(this.#engine);
    const { metadata, exemplars } = await chunks.load(index);
    this.#seen = { key, index, chunks, metadata, exemplars: exemplars.exemplars };
  }

  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]> {
    const { index, chunks } = this.#seen;
    const expired = expiredPart(range, this.#retention);
    const older = expired ? this.#rollups.select(matchers, expired, signal) : Promise.resolve([]);
    older.catch(() => {}); // Else it would be nobody's when the newer part fails first.
    const stored = index.select(matchers).filter((series) => series.isStoredIn(range));
    const found: LabelledSeries[] = [];
    if (stored.length > 0) {
      for (const [{ labels }, columns] of await chunks.read(stored, range, signal)) {
        found.push({ labels, ...columns });
      }
    }
    found.sort((a, b) => compareLabels(a.labels, b.labels));
    return continued(await older, found);
  }

  /** Label sets of its series within the range, those that only roll-ups still have among them. */
  async series(matchers: readonly Matcher[], range: TimeRange): Promise<Labels[]> {
    const expired = expiredPart(range, this.#retention);
    const older = expired ? await this.#rollups.labels(matchers, expired) : [];
    const stored = this.#seen.index.select(matchers).filter((series) => series.overlaps(range));
    return [...older, ...stored.map(({ labels }) => labels)];
  }

  /** Deletes what the other server has put into the cluster until now. */
  async deleteSeries(selectors: readonly (readonly Matcher[])[], range: TimeRange): Promise<void> {
    await this.refresh();
    const { index, chunks } = this.#seen;
    const ids = new Set<number>();
    for (const matchers of selectors) {
      for (const series of index.select(matchers)) if (series.overlaps(range)) ids.add(series.id);
      for (const id of await this.#rollups.ids(matchers, range)) ids.add(id);
    }
    await chunks.deleteSamples([...ids], range);
    await this.refresh();
  }

  /** Drops whole days, as the other server would if it still ran. */
  async dropBefore(table: "chunks" | "rollups", beforeMs: number): Promise<void> {
    await dropOldPartitions(this.#engine, table, beforeMs);
  }
}
