/** Trimming moves the whole array, so it waits until this share of the capacity is in excess. */
const SLACK = 1.25;

/** Entries in the order of arrival; the oldest go when there are more than `capacity`. */
export class BoundedList<T> {
  private entries: T[] = [];
  private readonly capacity: number;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Adds entries; returns those that had to go. */
  add(entries: readonly T[]): readonly T[] {
    for (const entry of entries) this.entries.push(entry);
    if (this.entries.length <= this.capacity * SLACK) return [];
    return this.entries.splice(0, this.entries.length - this.capacity);
  }

  /** Removes the entries that `isGone`. */
  drop(isGone: (entry: T) => boolean): void {
    this.entries = this.entries.filter((entry) => !isGone(entry));
  }

  all(): readonly T[] {
    return this.entries;
  }
}
