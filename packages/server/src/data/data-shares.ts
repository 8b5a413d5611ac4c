import type { Labels } from "@avx/model";
import type { DataShare, LabelShare } from "../contract.ts";

/** Rows of each list of the answer. */
const MAX_ROWS = 50;

interface Sums {
  series: number;
  samples: number;
}

/** Counts series and samples by metric, by service and by label. */
export class DataShares {
  readonly #byMetric = new Map<string, Sums>();
  readonly #byService = new Map<string, Sums>();
  readonly #byLabel = new Map<string, { series: number; values: Set<string> }>();
  series = 0;
  samples = 0;

  add(labels: Labels, of: { metric: string; service: string; samples: number }): void {
    this.series++;
    this.samples += of.samples;
    addTo(this.#byMetric, of.metric, of.samples);
    addTo(this.#byService, of.service, of.samples);
    for (let i = 0; i < labels.length; i += 2) {
      let label = this.#byLabel.get(labels[i]!);
      if (!label) {
        label = { series: 0, values: new Set() };
        this.#byLabel.set(labels[i]!, label);
      }
      label.series++;
      label.values.add(labels[i + 1]!);
    }
  }

  metrics(bytesPerDayOf: (samples: number) => number): DataShare[] {
    return largest(this.#byMetric, bytesPerDayOf).slice(0, MAX_ROWS);
  }

  services(bytesPerDayOf: (samples: number) => number): DataShare[] {
    return largest(this.#byService, bytesPerDayOf);
  }

  labels(): LabelShare[] {
    return [...this.#byLabel]
      .map(([name, { series, values }]) => ({ name, values: values.size, series }))
      .sort((a, b) => b.values - a.values || b.series - a.series || (a.name < b.name ? -1 : 1))
      .slice(0, MAX_ROWS);
  }
}

function addTo(sums: Map<string, Sums>, name: string, samples: number): void {
  const known = sums.get(name) ?? { series: 0, samples: 0 };
  known.series++;
  known.samples += samples;
  sums.set(name, known);
}

function largest(
  sums: ReadonlyMap<string, Sums>,
  bytesPerDayOf: (samples: number) => number,
): DataShare[] {
  return [...sums]
    .map(([name, { series, samples }]) => ({
      ...{ name, series, samples },
      bytesPerDay: Math.round(bytesPerDayOf(samples)),
    }))
    .sort((a, b) => b.series - a.series || b.samples - a.samples || (a.name < b.name ? -1 : 1));
}
