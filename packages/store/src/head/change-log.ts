import type { SampleChanges } from "@avx/promql";

/** Beyond this many entries the older ones are thinned out. */
const MAX_ENTRIES = 1024;

interface ChangeEntry {
  readonly mark: number;
  readonly earliestMs: number;
}

/**
 * Remembers how far back in time the samples have changed since any earlier moment. What was computed
 * from samples up to some time still holds when nothing at or before that time has changed since.
 */
export class ChangeLog {
  #mark = 0;
  /**
   * Ascending in both: an entry says the earliest change since the entry before it. A later change
   * further back in time makes those before it needless.
   */
  #entries: ChangeEntry[] = [];

  /** Grows with every change. */
  get mark(): number {
    return this.#mark;
  }

  /** To be called when samples at `earliestMs` or later have just changed. */
  note(earliestMs: number): void {
    const entries = this.#entries;
    this.#mark++;
    for (let last = entries.at(-1); last && last.earliestMs >= earliestMs; last = entries.at(-1)) {
      entries.pop();
    }
    entries.push({ mark: this.#mark, earliestMs });
    if (entries.length > MAX_ENTRIES) this.#entries = thinnedOut(entries);
  }

  /** What has changed after `mark` was the newest; further back in time than true for old marks. */
  since(mark: number): SampleChanges {
    const entries = this.#entries;
    let low = 0;
    let high = entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (entries[middle]!.mark > mark) high = middle;
      else low = middle + 1;
    }
    return { mark: this.#mark, earliestMs: entries[low]?.earliestMs ?? Infinity };
  }
}

/** Of every two in the older half one remains, with the later mark and the earlier change. */
function thinnedOut(entries: readonly ChangeEntry[]): ChangeEntry[] {
  const older: ChangeEntry[] = [];
  for (let i = 0; i + 1 < MAX_ENTRIES / 2; i += 2) {
    older.push({ mark: entries[i + 1]!.mark, earliestMs: entries[i]!.earliestMs });
  }
  return [...older, ...entries.slice(MAX_ENTRIES / 2)];
}
