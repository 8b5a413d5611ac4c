import { type Labels, METRIC_NAME } from "@avx/model";

/** One row of a list of `/api/v1/status/tsdb`. */
export interface NamedCount {
  readonly name: string;
  readonly value: number;
}

/** Where the series of a store come from; each list has its largest entries first. */
export interface Cardinality {
  readonly labelPairs: number;
  readonly seriesByMetric: readonly NamedCount[];
  readonly valuesByLabel: readonly NamedCount[];
  /** Bytes (UTF-8) of a label's values over all series. */
  readonly bytesByLabel: readonly NamedCount[];
  readonly seriesByPair: readonly NamedCount[];
}

/** Counts label sets; the lists are cut to `limit` entries. */
export function cardinalityOf(series: readonly Labels[], limit: number): Cardinality {
  const metrics = new Map<string, number>();
  const pairs = new Map<string, number>();
  const bytes = new Map<string, number>();
  const values = new Map<string, Map<string, number>>();
  for (const labels of series) {
    for (let i = 0; i < labels.length; i += 2) {
      const name = labels[i]!;
      const value = labels[i + 1]!;
      if (name === METRIC_NAME) add(metrics, value, 1);
      add(pairs, `${name}=${value}`, 1);
      let known = values.get(name);
      if (known === undefined) {
        known = new Map();
        values.set(name, known);
      }
      let size = known.get(value);
      if (size === undefined) {
        size = Buffer.byteLength(value);
        known.set(value, size);
      }
      add(bytes, name, size);
    }
  }
  const distinct = new Map([...values].map(([name, known]) => [name, known.size]));
  return {
    labelPairs: pairs.size,
    seriesByMetric: largest(metrics, limit),
    valuesByLabel: largest(distinct, limit),
    bytesByLabel: largest(bytes, limit),
    seriesByPair: largest(pairs, limit),
  };
}

function add(counts: Map<string, number>, name: string, more: number): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}

function largest(counts: ReadonlyMap<string, number>, limit: number): NamedCount[] {
  return [...counts]
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1))
    .slice(0, limit);
}
