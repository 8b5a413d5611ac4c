import { compareLabels, type LabelledSeries, labelsKey, type NativeHistogram } from "@avx/model";
import { formatShortest } from "../evaluator/go-number.ts";
import { labelsText } from "../evaluator/labels-text.ts";
import { histogramText } from "../histogram/histogram-text.ts";
import type { QueryValue, VectorSample } from "../query-engine.ts";
import { almostEqual, almostEqualHistograms } from "./compare-histogram.ts";
import type { EvalCommand, ExpectedSeries, SequenceValue } from "./script.ts";

/** What is wrong with a result; undefined when it is as expected. */
export type Difference = string | undefined;

/** Compares the value of a query with what the script expects. */
export function compareResult(command: EvalCommand, value: QueryValue): Difference {
  switch (value.type) {
    case "string":
      return value.value === command.expectedString
        ? undefined
        : `expected string ${command.expectedString}, got ${value.value}`;
    case "scalar":
      if (!command.expectedScalar) return `expected no scalar, got ${value.value}`;
      return compareSample(command.expectedScalar, { value: value.value });
    case "vector":
      return compareVector(command, value.samples);
    case "matrix":
      return compareMatrix(command, value.series);
  }
}

/** Compares an instant vector, with its order where that is asked for. */
export function compareVector(
  { expectedSeries, expectedScalar, ordered }: EvalCommand,
  samples: readonly VectorSample[],
): Difference {
  if (expectedScalar) return "expected a scalar, got a vector";
  const positions = positionsOf(expectedSeries);
  const seen = new Set<string>();
  for (const [position, sample] of samples.entries()) {
    const key = labelsKey(sample.labels);
    const expectedAt = positions.get(key);
    const text = `${labelsText(sample.labels)} ${sampleText(sample)}`;
    if (expectedAt === undefined) return `unexpected ${text}`;
    if (ordered && expectedAt !== position) {
      return `expected ${text} at position ${expectedAt}, got it at ${position}`;
    }
    const difference = compareSample(expectedSeries[expectedAt]?.values[0], sample);
    if (difference) return `${labelsText(sample.labels)}: ${difference}`;
    seen.add(key);
  }
  return missing(expectedSeries, seen);
}

function compareMatrix(command: EvalCommand, series: readonly LabelledSeries[]): Difference {
  if (command.ordered) return "expected an order, got a matrix";
  if (command.expectedScalar) return "expected a scalar, got a matrix";
  for (let s = 1; s < series.length; s++) {
    if (compareLabels(series[s - 1]!.labels, series[s]!.labels) > 0) {
      return "the matrix is not sorted by labels";
    }
  }
  const positions = positionsOf(command.expectedSeries);
  const seen = new Set<string>();
  for (const one of series) {
    const key = labelsKey(one.labels);
    const position = positions.get(key);
    if (position === undefined) return `unexpected ${labelsText(one.labels)}`;
    seen.add(key);
    const difference = compareSeries(command, command.expectedSeries[position]!, one);
    if (difference) return `${labelsText(one.labels)}: ${difference}`;
  }
  return missing(command.expectedSeries, seen);
}

function compareSeries(
  { startMs, stepMs }: EvalCommand,
  { values }: ExpectedSeries,
  actual: LabelledSeries,
): Difference {
  const expected = values
    .map((value, i) => ({ value, timeMs: startMs + i * stepMs }))
    .filter(({ value }) => value.kind !== "omitted");
  if (expected.length !== actual.values.length) {
    return `expected ${expected.length} points, got ${actual.values.length}: ${seriesText(actual)}`;
  }
  for (const [i, { value, timeMs }] of expected.entries()) {
    if (timeMs !== actual.timestampsMs[i]) {
      return `expected a point at ${timeMs}, got one at ${actual.timestampsMs[i]}`;
    }
    const histogram = actual.histograms?.[i];
    const sample = { value: actual.values[i]!, ...(histogram ? { histogram } : {}) };
    const difference = compareSample(value, sample);
    if (difference) return `at ${timeMs}: ${difference}; all: ${seriesText(actual)}`;
  }
  return undefined;
}

interface ActualSample {
  readonly value: number;
  readonly histogram?: NativeHistogram;
}

function compareSample(expected: SequenceValue | undefined, actual: ActualSample): Difference {
  const different = () => `expected ${sequenceText(expected)}, got ${sampleText(actual)}`;
  if (expected?.kind === "histogram") {
    const { histogram } = actual;
    const equal =
      histogram !== undefined &&
      almostEqualHistograms(expected.histogram, histogram, expected.hintGiven);
    return equal ? undefined : different();
  }
  if (actual.histogram || expected?.kind !== "float") return different();
  return almostEqual(expected.value, actual.value) ? undefined : different();
}

function positionsOf(expected: readonly ExpectedSeries[]): ReadonlyMap<string, number> {
  return new Map(expected.map(({ labels }, position) => [labelsKey(labels), position]));
}

function missing(expected: readonly ExpectedSeries[], seen: ReadonlySet<string>): Difference {
  const absent = expected.find(({ labels }) => !seen.has(labelsKey(labels)));
  if (!absent) return undefined;
  return `expected ${labelsText(absent.labels)} ${absent.values.map(sequenceText).join(" ")}`;
}

function sequenceText(value: SequenceValue | undefined): string {
  if (!value) return "nothing";
  if (value.kind === "float") return formatShortest(value.value);
  return value.kind === "histogram" ? histogramWithHint(value.histogram) : value.kind;
}

function sampleText({ value, histogram }: ActualSample): string {
  return histogram ? histogramWithHint(histogram) : String(value);
}

function histogramWithHint(histogram: NativeHistogram): string {
  const { schema, counterResetHint } = histogram;
  return `${histogramText(histogram)} (schema ${schema}, ${counterResetHint})`;
}

function seriesText({ values, histograms }: LabelledSeries): string {
  const samples = Array.from(values, (value, i) => {
    const histogram = histograms?.[i];
    return histogram ? histogramWithHint(histogram) : String(value);
  });
  return samples.join(" ");
}
