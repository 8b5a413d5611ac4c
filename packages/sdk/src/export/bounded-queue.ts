/**
 * First in, first out, with a limit: when it is full the oldest item is dropped and counted, for
 * the newest telemetry is what an operator looks at.
 */
export class BoundedQueue<T> {
  readonly limit: number;
  /** Items lost because the queue was full. */
  dropped = 0;
  readonly #ring: (T | undefined)[];
  #head = 0;
  #length = 0;

  constructor(limit: number) {
    this.limit = limit;
    this.#ring = new Array<T | undefined>(limit).fill(undefined);
  }

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    const tail = (this.#head + this.#length) % this.limit;
    this.#ring[tail] = item;
    if (this.#length < this.limit) this.#length++;
    else {
      this.#head = (this.#head + 1) % this.limit;
      this.dropped++;
    }
  }

  /** The sum of `amountOf` over all items. */
  sum(amountOf: (item: T) => number): number {
    let sum = 0;
    for (const item of this.#ring) if (item !== undefined) sum += amountOf(item);
    return sum;
  }

  /** Takes up to `count` of the oldest items. */
  take(count: number): T[] {
    const items: T[] = [];
    while (items.length < count && this.#length > 0) {
      const item = this.#ring[this.#head];
      this.#ring[this.#head] = undefined;
      this.#head = (this.#head + 1) % this.limit;
      this.#length--;
      if (item !== undefined) items.push(item);
    }
    return items;
  }
}
