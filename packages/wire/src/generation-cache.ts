/**
 * A cache bounded by bytes. Two generations: when the younger is full the older is forgotten, and
 * what is still asked for moves into the younger. No list to keep in order, so a hit is one lookup.
 */
export class GenerationCache<Key, Entry> {
  #young = new Map<Key, Entry>();
  #old = new Map<Key, Entry>();
  #youngBytes = 0;
  readonly #generationBytes: number;
  readonly #bytesOf: (entry: Entry) => number;

  /** `bytesOf` estimates what an entry takes, its key included. */
  constructor(maxBytes: number, bytesOf: (entry: Entry) => number) {
    this.#generationBytes = maxBytes / 2;
    this.#bytesOf = bytesOf;
  }

  /** The entry of a key, or undefined. */
  get(key: Key): Entry | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  /** Keeps an entry; one that alone would fill a generation is not kept. */
  set(key: Key, entry: Entry): void {
    const bytes = this.#bytesOf(entry);
    if (bytes > this.#generationBytes) return;
    if (this.#youngBytes + bytes > this.#generationBytes) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#youngBytes = 0;
    }
    this.#young.set(key, entry);
    this.#youngBytes += bytes;
  }
}
