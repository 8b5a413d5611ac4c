import type { Labels } from "@avx/model";

/** A worker remembers so many label sets, some 100 MB of them at worst; then it begins anew. */
const MAX_REMEMBERED = 100_000;

/** The label sets that a worker was sent, by number: each is sent once. Main thread's side. */
export class LabelNumbers {
  readonly #max: number;
  #numbers = new WeakMap<Labels, number>();
  #count = 0;
  #fresh: Labels[] = [];
  #isForgotten = false;

  constructor(max = MAX_REMEMBERED) {
    this.#max = max;
  }

  /** The number of a label set; a new one goes along with the next `takeFresh`. */
  numberOf(labels: Labels): number {
    const known = this.#numbers.get(labels);
    if (known !== undefined) return known;
    const number = this.#count++;
    this.#numbers.set(labels, number);
    this.#fresh.push(labels);
    return number;
  }

  /** To be called between parcels: forgets everything when it has become too much. */
  trim(): void {
    if (this.#count <= this.#max) return;
    this.#numbers = new WeakMap();
    this.#count = 0;
    this.#isForgotten = true;
  }

  /** The label sets that are new since the last time, and whether all earlier ones are forgotten. */
  takeFresh(): { readonly labels: readonly Labels[]; readonly forget: boolean } {
    const taken = { labels: this.#fresh, forget: this.#isForgotten };
    this.#fresh = [];
    this.#isForgotten = false;
    return taken;
  }
}
