/** Beyond this many entries the oldest are given up, and what was read before them counts as changed. */
const MAX_ENTRIES = 1024;

/**
 * Remembers how far back in time the samples have changed since any earlier moment. What was computed
 * from samples up to some time still holds when nothing at or before that time has changed since.
 */
export class ChangeLog {
  #mark = 0;
  /** The mark up to which nothing is known any more. */
  #forgotten = 0;
  /**
   * Ascending in both: an entry says the earliest change since the entry before it. A later change
   * further back in time makes those before it needless.
   */
  readonly #entries: { readonly mark: number; readonly earliestMs: number }[] = [];

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
    if (entries.length <= MAX_ENTRIES) return;
    for (const { mark } of entries.splice(0, MAX_ENTRIES / 2)) this.#forgotten = mark;
  }

  /** Whether samples at or before `untilMs` may have changed after `mark` was the newest. */
  changedSince(mark: number, untilMs: number): boolean {
    if (mark < this.#forgotten) return true;
    const next = this.#entries.find((entry) => entry.mark > mark);
    return next !== undefined && next.earliestMs <= untilMs;
  }
}
