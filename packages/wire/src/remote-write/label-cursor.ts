import type { Labels } from "@avx/model";
import {
  type CacheEntry,
  isSame,
  type LabelCache,
  type LabelSequence,
  sequenceOf,
} from "./label-cache.ts";

/**
 * Walks through the series of one request beside the sequence that the same sender sent before:
 * where the next series is the expected one, its label bytes are compared once instead of being
 * split, hashed and looked up.
 */
export class LabelCursor {
  readonly #cache: LabelCache;
  readonly #view: DataView;
  #sequence: LabelSequence | undefined;
  /** The series so far, from where they left the sequence on. */
  #own: CacheEntry[] | undefined;
  #index = 0;
  #isInterrupted = false;

  constructor(cache: LabelCache, view: DataView) {
    this.#cache = cache;
    this.#view = view;
  }

  /** The series that came here the last time, if its label bytes stand at `start` before `end`. */
  expected(start: number, end: number): CacheEntry | undefined {
    const entry = this.#sequence?.entries[this.#index];
    if (entry === undefined || start + entry.length > end) return undefined;
    const range = { view: this.#view, start, end: start + entry.length };
    return isSame(entry, range) ? entry : undefined;
  }

  /** Goes on behind this series and answers its labels. */
  take(entry: CacheEntry): Labels {
    if (this.#index === 0) this.#sequence = this.#cache.sequenceFrom(entry);
    if (this.#own || this.#sequence?.entries[this.#index] !== entry) {
      this.#own ??= this.#sequence?.entries.slice(0, this.#index) ?? [];
      this.#own.push(entry);
    }
    this.#index++;
    return entry.labels;
  }

  /** The labels of these bytes, by `decode` when they are new; undefined when they are unsound. */
  find(
    { start, end }: { readonly start: number; readonly end: number },
    decode: () => Labels | undefined,
  ): Labels | undefined {
    const range = { view: this.#view, start, end };
    const known = this.#cache.find(range);
    if (known) return this.take(known);
    const labels = decode();
    if (labels === undefined) this.interrupt();
    else this.take(this.#cache.remember(range, labels));
    return labels;
  }

  /** The sequence that all series followed so far. */
  get followed(): LabelSequence | undefined {
    return this.#own || this.#isInterrupted ? undefined : this.#sequence;
  }

  /** How many series have come. */
  get index(): number {
    return this.#index;
  }

  /** The series up to this index came as in the sequence that is followed. */
  advance(index: number): void {
    this.#index = index;
  }

  /** A series came that has no place in a sequence. */
  interrupt(): void {
    this.#isInterrupted = true;
  }

  /**
   * The labels of all series, the list of the last time when they are the same. `items` is how many
   * samples and histograms they had.
   */
  end(items: number): readonly Labels[] | undefined {
    if (this.#isInterrupted || this.#index === 0) return undefined;
    const isWhole = this.#sequence?.entries.length === this.#index;
    if (!this.#own && this.#sequence && isWhole) {
      this.#sequence.items = items;
      return this.#sequence.labels;
    }
    const entries = this.#own ?? this.#sequence?.entries.slice(0, this.#index) ?? [];
    const sequence = sequenceOf(entries, items);
    this.#cache.rememberSequence(entries[0]!, sequence);
    return sequence.labels;
  }
}
