import type { Labels } from "@avx/model";
import type { HeadSeries } from "./head-series.ts";

/** Lists up to this length are copied to grow: an array that grows by itself takes room for 16 more. */
const MAX_EXACT_LENGTH = 16;

/** The series of one label value; one alone needs no list. */
type Posting = HeadSeries | HeadSeries[];

/** The inverted index: name -> value -> series, in the order in which they were added. */
export class Postings {
  readonly #byName = new Map<string, Map<string, Posting>>();

  /** Adds a series under each of its labels. Its strings become those of the series before it. */
  add(series: HeadSeries): void {
    const { labels } = series;
    for (let i = 0; i < labels.length; i += 2) {
      const byValue = this.#valuesOf(labels[i]!);
      const posting = byValue.get(labels[i + 1]!);
      if (posting) shareStrings(labels, i, (isAlone(posting) ? posting : posting[0]!).labels);
      byValue.set(labels[i + 1]!, posting ? extended(posting, series) : series);
    }
  }

  #valuesOf(name: string): Map<string, Posting> {
    const known = this.#byName.get(name);
    if (known) return known;
    const values = new Map<string, Posting>();
    this.#byName.set(name, values);
    return values;
  }

  /** The values of a label. */
  values(name: string): Iterable<string> {
    return this.#byName.get(name)?.keys() ?? [];
  }

  /** The series with this label value. */
  of(name: string, value: string): readonly HeadSeries[] {
    const posting = this.#byName.get(name)?.get(value);
    if (posting === undefined) return [];
    return isAlone(posting) ? [posting] : posting;
  }

  /** Forgets series; each list that names one of them is filtered once. */
  remove(gone: ReadonlySet<HeadSeries>): void {
    const touched = new Map<string, Set<string>>();
    for (const { labels } of gone) {
      for (let i = 0; i < labels.length; i += 2) {
        const values = touched.get(labels[i]!) ?? new Set();
        touched.set(labels[i]!, values.add(labels[i + 1]!));
      }
    }
    for (const [name, values] of touched) {
      const byValue = this.#byName.get(name);
      for (const value of values) {
        const kept = this.of(name, value).filter((series) => !gone.has(series));
        const [only] = kept;
        if (only) byValue?.set(value, kept.length === 1 ? only : kept);
        else byValue?.delete(value);
      }
      if (byValue?.size === 0) this.#byName.delete(name);
    }
  }
}

function isAlone(posting: Posting): posting is HeadSeries {
  return !Array.isArray(posting);
}

function extended(posting: Posting, series: HeadSeries): Posting {
  if (isAlone(posting)) return [posting, series];
  if (posting.length < MAX_EXACT_LENGTH) return [...posting, series];
  posting.push(series);
  return posting;
}

/**
 * Puts the equal strings of another series in place of the pair at `i`, so that each name and each
 * value of a label is in memory once and not once for each series.
 */
function shareStrings(labels: Labels, i: number, others: Labels): void {
  // Proof of the `as`: equal strings take the place of those that were there, which nobody can tell.
  const strings = labels as readonly string[] as string[];
  for (let k = 0; k < others.length; k += 2) {
    if (others[k] !== labels[i]) continue;
    strings[i] = others[k]!;
    strings[i + 1] = others[k + 1]!;
    return;
  }
}
