import type { LabelledSeries, Matcher, TimeRange } from "@avx/model";
import { SqlChunkStore } from "../embedded/sql-chunk-store.ts";
import { floats } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";
import { LabelIndex } from "../head/label-index.ts";

/** The metrics that another server has put into the cluster: read, never written. */
export class ForeignMetrics {
  readonly #engine: Engine;
  #index = new LabelIndex();
  #chunks: SqlChunkStore;
  #seen = "";

  /** `engine` sees the other server's tables. */
  constructor(engine: Engine) {
    this.#engine = engine;
    this.#chunks = new SqlChunkStore(engine);
  }

  get index(): LabelIndex {
    return this.#index;
  }

  /** Reads anew what series there are, when blocks have come or gone since the last time. */
  async refresh(): Promise<void> {
    const [answer] = await this.#engine.query(
      `SELECT toFloat64(max(cut)) AS newest, toFloat64(count()) AS n FROM avx.chunks`,
    );
    const seen = answer ? `${floats(answer, "newest")[0]} ${floats(answer, "n")[0]}` : "";
    if (seen === this.#seen) return;
    const index = new LabelIndex();
    const chunks = new SqlChunkStore(this.#engine);
    await chunks.load(index);
    [this.#index, this.#chunks, this.#seen] = [index, chunks, seen];
  }

  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<LabelledSeries[]> {
    const stored = this.#index.select(matchers).filter((series) => series.isStoredIn(range));
    if (stored.length === 0) return [];
    const found: LabelledSeries[] = [];
    for (const [{ labels }, columns] of await this.#chunks.read(stored, range, signal)) {
      found.push({ labels, ...columns });
    }
    return found;
  }
}
