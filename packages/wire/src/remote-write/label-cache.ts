import type { Labels } from "@avx/model";
import { GenerationCache } from "../generation-cache.ts";

/** Objects and map slot of an entry, beside its bytes. */
const ENTRY_BYTES = 256;
/** The label bytes are held twice: as words, and as the texts of the labels. */
const HELD_TIMES = 3;

/** Words of many series in one array: one for each series would take twice the memory of its bytes. */
const PAGE_WORDS = 16 * 1024;

/** One remembered series. */
export interface CacheEntry {
  /** Of the label bytes. */
  readonly length: number;
  /** From `at` on the label bytes as 32-bit words, the last one filled up with zeros. */
  readonly words: Int32Array;
  readonly at: number;
  readonly labels: Labels;
}

/** A stretch of a request: from `start` to `end` of its bytes. */
export interface ByteRange {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
}

/** The series of a request in their order. */
export interface LabelSequence {
  readonly entries: readonly CacheEntry[];
  /** Of each entry; the same list whenever the same series come again. */
  readonly labels: readonly Labels[];
  /** The words of all entries one after the other: memory that is read in its order is near. */
  readonly words: Int32Array;
  /** Where in `words` each entry begins. */
  readonly starts: Uint32Array;
  /** The length of each entry's label bytes. */
  readonly lengths: Uint32Array;
  /** Samples and histograms of the last request. */
  items: number;
}

/**
 * Remembers the labels of raw label bytes, so that the series of a steady sender are decoded once
 * and come as the same object every time (the store can key by identity). Holds about `maxBytes` of
 * series, and as much again of the sequences in which they came.
 */
export class LabelCache {
  readonly #entries: GenerationCache<number, CacheEntry>;
  readonly #sequences: GenerationCache<CacheEntry, LabelSequence>;
  /** Takes the words of the next series; it lives as long as one of its series does. */
  #page = new Int32Array();
  #used = 0;

  constructor(maxBytes: number) {
    this.#entries = new GenerationCache(maxBytes, bytesOfEntry);
    this.#sequences = new GenerationCache(maxBytes, ({ entries }) =>
      entries.reduce((bytes, entry) => bytes + bytesOfEntry(entry), 0),
    );
  }

  /** The remembered series of these label bytes, or undefined. */
  find(range: ByteRange): CacheEntry | undefined {
    const entry = this.#entries.get(hashRange(range));
    return entry !== undefined && isSame(entry, range) ? entry : undefined;
  }

  /** Remembers labels. Of two byte strings with the same hash the later one stays. */
  remember(range: ByteRange, labels: Labels): CacheEntry {
    const { view, start, end } = range;
    const count = wordsOf(end - start);
    if (this.#used + count > this.#page.length) {
      this.#page = new Int32Array(Math.max(PAGE_WORDS, count));
      this.#used = 0;
    }
    const [words, at] = [this.#page, this.#used];
    this.#used += count;
    for (let i = 0; i < count; i++) words[at + i] = wordAt(view, start + 4 * i, end);
    const entry = { length: end - start, words, at, labels };
    this.#entries.set(hashRange(range), entry);
    return entry;
  }

  /** The last sequence that began with this series, or undefined. */
  sequenceFrom(first: CacheEntry): LabelSequence | undefined {
    return this.#sequences.get(first);
  }

  /** Remembers a sequence, in place of an earlier one with the same first series. */
  rememberSequence(first: CacheEntry, sequence: LabelSequence): void {
    this.#sequences.set(first, sequence);
  }
}

/** The sequence of these series. */
export function sequenceOf(entries: readonly CacheEntry[], items: number): LabelSequence {
  const words = new Int32Array(entries.reduce((count, { length }) => count + wordsOf(length), 0));
  const starts = new Uint32Array(entries.length);
  const lengths = new Uint32Array(entries.length);
  let at = 0;
  entries.forEach((entry, i) => {
    const count = wordsOf(entry.length);
    words.set(entry.words.subarray(entry.at, entry.at + count), at);
    starts[i] = at;
    lengths[i] = entry.length;
    at += count;
  });
  return { entries, labels: entries.map(({ labels }) => labels), words, starts, lengths, items };
}

function wordsOf(bytes: number): number {
  return (bytes + 3) >>> 2;
}

function bytesOfEntry({ length }: CacheEntry): number {
  return ENTRY_BYTES + HELD_TIMES * length;
}

/** FNV-1a over 32-bit words with a final mix; a hit is always compared in full. */
function hashRange({ view, start, end }: ByteRange): number {
  let hash = 0x811c9dc5 ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x01000193);
    hash ^= hash >>> 15;
  }
  if (at < end) hash = Math.imul(hash ^ wordAt(view, at, end), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  // Small integers stay out of the heap as keys of a Map.
  return (hash ^ (hash >>> 13)) & 0x3fffffff;
}

/** Four bytes as a word, or what is left of them before `end`. */
function wordAt(view: DataView, at: number, end: number): number {
  if (at + 4 <= end) return view.getInt32(at, true);
  let word = 0;
  for (let i = at; i < end; i++) word |= view.getUint8(i) << (8 * (i - at));
  return word;
}

/** Whether these are the label bytes of the entry. */
export function isSame({ length, words, at }: CacheEntry, range: ByteRange): boolean {
  return length === range.end - range.start && hasWords(words, at, range);
}

/** Whether the words from `from` on are the bytes of the range. */
export function hasWords(
  words: Int32Array,
  from: number,
  { view, start, end }: ByteRange,
): boolean {
  let word = from;
  let at = start;
  for (; at + 4 <= end; at += 4, word++) {
    if (words[word] !== view.getInt32(at, true)) return false;
  }
  return at === end || words[word] === wordAt(view, at, end);
}
