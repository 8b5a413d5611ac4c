import type { Labels } from "@avx/model";
import type { HeadSeries } from "./head-series.ts";

/** The numbers of FNV-1a and of MurmurHash3's final mix. */
const FNV_PRIME = 0x01000193;
const MIX = 0x85ebca6b;
/** Small integers stay out of the heap as keys of a Map. */
const HASH_MASK = 0x3fffffff;

/**
 * Label set -> series by a hash of the labels. A key of text for each series would take more memory than its
 * labels do. Of this process alone: nobody outside can choose labels that all have one hash.
 */
export class SeriesTable {
  readonly #seed = crypto.getRandomValues(new Int32Array(1))[0]!;
  /** Series with the same hash form a list; nearly all are alone. */
  readonly #byHash = new Map<number, HeadSeries | readonly HeadSeries[]>();

  /** The series with these labels. */
  find(labels: Labels): HeadSeries | undefined {
    const found = this.#byHash.get(this.#hashOf(labels));
    if (found === undefined) return undefined;
    if ("labels" in found) return isSame(found.labels, labels) ? found : undefined;
    return found.find((series) => isSame(series.labels, labels));
  }

  /** Adds a series; from now on it is the one with its labels. */
  add(series: HeadSeries): void {
    const hash = this.#hashOf(series.labels);
    const found = this.#byHash.get(hash);
    if (found === undefined) this.#byHash.set(hash, series);
    else this.#byHash.set(hash, [series, ...("labels" in found ? [found] : found)]);
  }

  remove(series: HeadSeries): void {
    const hash = this.#hashOf(series.labels);
    const found = this.#byHash.get(hash);
    if (found === undefined || found === series) this.#byHash.delete(hash);
    else if (!("labels" in found)) {
      this.#byHash.set(
        hash,
        found.filter((other) => other !== series),
      );
    }
  }

  #hashOf(labels: Labels): number {
    let hash = this.#seed;
    for (const part of labels) {
      hash ^= part.length;
      for (let i = 0; i < part.length; i++) {
        hash = Math.imul(hash ^ part.charCodeAt(i), FNV_PRIME);
        hash ^= hash >>> 15;
      }
      hash = Math.imul(hash ^ (hash >>> 16), MIX);
    }
    return (hash ^ (hash >>> 13)) & HASH_MASK;
  }
}

function isSame(a: Labels, b: Labels): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
