import type { Attributes } from "@opentelemetry/api";
import { HistogramInstrument } from "../metrics/histogram.ts";
import type { Meter } from "../metrics/meter.ts";

/** One series as it is now. */
export interface MetricReading {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of a counter or gauge; the count of a histogram. */
  readonly value: number;
  /** Of a histogram only: NaN min and max without observation. */
  readonly histogram?: { readonly sum: number; readonly min: number; readonly max: number };
}

/** The series of `name` in any scope whose attributes include `wanted`. */
export function metricReadings(
  meters: readonly Meter[],
  name: string,
  wanted: Attributes,
): MetricReading[] {
  const instruments = meters.flatMap((meter) =>
    [...meter.instruments.values()].filter(({ descriptor }) => descriptor.name === name),
  );
  const readings = instruments.flatMap((instrument): MetricReading[] => {
    if (instrument instanceof HistogramInstrument) {
      return [...instrument.index.values()].map(({ attributes, count, sum, min, max }) => ({
        attributes: Object.fromEntries(attributes),
        value: count,
        histogram: {
          sum,
          min: count === 0 ? Number.NaN : min,
          max: count === 0 ? Number.NaN : max,
        },
      }));
    }
    return [...instrument.index.values()].map(({ attributes, value }) => ({
      attributes: Object.fromEntries(attributes),
      value,
    }));
  });
  return readings.filter(({ attributes }) =>
    Object.entries(wanted).every(([key, value]) => attributes[key] === value),
  );
}
