/** Orders two series of a rank aggregation: whether `a` is to be replaced before `b`. */
export type Before = (a: number, b: number) => boolean;

/**
 * A binary heap of series numbers with the next one to be replaced on top; equal values leave in
 * the same order as with Go's container/heap.
 */
export class BoundedHeap {
  readonly items: number[] = [];
  readonly #before: Before;

  constructor(before: Before) {
    this.#before = before;
  }

  push(item: number): void {
    this.items.push(item);
    this.#up(this.items.length - 1);
  }

  /** Puts `item` in the place of the top. */
  replaceTop(item: number): void {
    this.items[0] = item;
    this.#down(0);
  }

  #up(start: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(this.items[at]!, this.items[parent]!)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #down(start: number): void {
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.items.length) break;
      const right = child + 1;
      if (right < this.items.length && this.#before(this.items[right]!, this.items[child]!)) {
        child = right;
      }
      if (!this.#before(this.items[child]!, this.items[at]!)) break;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    const item = this.items[a]!;
    this.items[a] = this.items[b]!;
    this.items[b] = item;
  }
}
