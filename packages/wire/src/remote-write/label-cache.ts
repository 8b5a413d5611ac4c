import type { Labels } from "@avx/model";

interface CacheEntry {
  readonly bytes: Uint8Array;
  readonly labels: Labels;
}

/**
 * Remembers the labels of raw label bytes, so that the series of a steady sender are decoded once
 * and come as the same object every time (the store can key by identity). Holds at most
 * `maxEntries`: two generations, the older of which is dropped when the younger is full.
 */
export class LabelCache {
  #young = new Map<number, CacheEntry>();
  #old = new Map<number, CacheEntry>();
  readonly #generationEntries: number;

  constructor(maxEntries: number) {
    this.#generationEntries = Math.max(1, maxEntries >>> 1);
  }

  /** The remembered labels of `bytes[start..end)`, or undefined. */
  find(bytes: Uint8Array, start: number, end: number): Labels | undefined {
    const hash = hashBytes(bytes, start, end);
    const young = this.#young.get(hash);
    const length = end - start;
    if (young?.bytes.length === length && isSame(young.bytes, bytes, start)) return young.labels;
    const old = this.#old.get(hash);
    if (old?.bytes.length !== length || !isSame(old.bytes, bytes, start)) return undefined;
    this.#keep(hash, old);
    return old.labels;
  }

  /** Remembers labels. Of two byte strings with the same hash the later one stays. */
  remember(bytes: Uint8Array, labels: Labels): void {
    const copy = new Uint8Array(bytes);
    this.#keep(hashBytes(copy, 0, copy.length), { bytes: copy, labels });
  }

  #keep(hash: number, entry: CacheEntry): void {
    if (this.#young.size >= this.#generationEntries) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(hash, entry);
  }
}

/** FNV-1a over 32-bit words with a final mix; a hit is always compared byte by byte. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word =
      bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x01000193);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
