import type { TimeRange } from "@avx/model";
import { compareLabels, type Exemplar, labelsKey, labelValue, type Matcher } from "@avx/model";
import { compileMatcher } from "@avx/promql";

/** The newest exemplars of all series; the oldest make room. */
export class ExemplarRing {
  private readonly capacity: number;
  private readonly entries: Exemplar[] = [];
  private next = 0;
  private readonly newestOfSeries = new Map<string, Exemplar>();

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  /** Takes exemplars; one equal to the last of its series is a repeat and is left out. */
  add(exemplars: readonly Exemplar[]): void {
    for (const exemplar of exemplars) {
      const key = labelsKey(exemplar.seriesLabels);
      const last = this.newestOfSeries.get(key);
      if (last && isSame(last, exemplar)) continue;
      this.newestOfSeries.set(key, exemplar);
      this.evict(this.entries[this.next]);
      this.entries[this.next] = exemplar;
      this.next = (this.next + 1) % this.capacity;
    }
  }

  /** All of them, in the order in which they came. */
  all(): Exemplar[] {
    return [...this.entries.slice(this.next), ...this.entries.slice(0, this.next)];
  }

  private evict(oldest: Exemplar | undefined): void {
    if (!oldest) return;
    const key = labelsKey(oldest.seriesLabels);
    if (this.newestOfSeries.get(key) === oldest) this.newestOfSeries.delete(key);
  }

  /** By series, then by time. */
  query(selectors: readonly (readonly Matcher[])[], range: TimeRange): Exemplar[] {
    return exemplarsOf(this.entries, { selectors, range });
  }
}

/** Which exemplars: of series that match one of the selectors (all, when there is none). */
export interface ExemplarQuestion {
  readonly selectors: readonly (readonly Matcher[])[];
  readonly range: TimeRange;
}

/** Those asked for, by series, then by time; equal ones once. */
export function exemplarsOf(
  exemplars: readonly Exemplar[],
  { selectors, range }: ExemplarQuestion,
): Exemplar[] {
  const tests = selectors.map((matchers) =>
    matchers.map((matcher) => ({ name: matcher.name, test: compileMatcher(matcher) })),
  );
  const isAsked = ({ seriesLabels }: Exemplar): boolean =>
    tests.length === 0 ||
    tests.some((all) => all.every(({ name, test }) => test(labelValue(seriesLabels, name))));
  return exemplars
    .filter(({ timestampMs }) => timestampMs >= range.startMs && timestampMs <= range.endMs)
    .filter(isAsked)
    .sort((a, b) => compareSeries(a, b) || a.timestampMs - b.timestampMs)
    .filter(
      (one, i, all) =>
        i === 0 || compareSeries(one, all[i - 1]!) !== 0 || !isSame(one, all[i - 1]!),
    );
}

function compareSeries(a: Exemplar, b: Exemplar): number {
  return compareLabels(a.seriesLabels, b.seriesLabels);
}

function isSame(a: Exemplar, b: Exemplar): boolean {
  return (
    a.timestampMs === b.timestampMs &&
    Object.is(a.value, b.value) &&
    compareLabels(a.labels, b.labels) === 0
  );
}
