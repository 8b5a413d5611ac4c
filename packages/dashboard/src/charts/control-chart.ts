import type { QualityChart } from "@avx/server/contract";
import type { Unit } from "../format/units.ts";
import type { PlotModel, PlotSeries } from "./plot-model.ts";

/** What a control chart and its lines are called. */
export interface ControlWords {
  readonly title: string;
  readonly value: string;
  readonly center: string;
  /** A bound, so many standard deviations away. */
  bound(sigmas: number): string;
  /** The rule that a sample met. */
  rule(number: number): string;
}

/**
 * A control chart: the samples, the centre and the lines 3 and 6 standard deviations away, and a mark
 * where a rule of Western Electric was met. Signals of a service are not below 0, nor are its lines.
 */
export function controlModel(chart: QualityChart, unit: Unit, words: ControlWords): PlotModel {
  const { timestampsMs } = chart;
  const level = (value: number): number[] => timestampsMs.map(() => Math.max(0, value));
  const line = (key: string, name: string, value: number): PlotSeries => ({
    ...{ key, name, values: level(value), isBound: true },
    style: { colour: "--expected-bound", dash: key.startsWith("6") ? [1, 3] : [7, 4], widthPx: 1 },
  });
  const [startMs = 0] = timestampsMs;
  return {
    ...{ title: words.title, unit, timestampsMs, bands: [] },
    series: [
      {
        ...{ key: "value", name: words.value, values: chart.values },
        style: { colour: "--quantile-99", dash: [], widthPx: 1.75 },
      },
      {
        ...{ key: "center", name: words.center, values: level(chart.center), isBound: true },
        style: { colour: "--expected-bound", dash: [], widthPx: 1 },
      },
      line("3 upper", words.bound(3), chart.threeSigma.upper),
      line("3 lower", words.bound(-3), chart.threeSigma.lower),
      line("6 upper", words.bound(6), chart.sixSigma.upper),
      line("6 lower", words.bound(-6), chart.sixSigma.lower),
    ],
    marks: chart.violations.map(({ rule, timestampMs }, i) => ({
      ...{ key: `violation ${i}`, label: `${rule}`, name: words.rule(rule) },
      ...{ startMs: timestampMs, endMs: timestampMs },
    })),
    ...{ startMs, endMs: timestampsMs.at(-1) ?? startMs },
    ...{ forecastFromMs: null, pendingFromMs: null },
  };
}
