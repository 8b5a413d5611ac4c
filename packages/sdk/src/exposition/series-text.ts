import type { AttributePairs } from "../metrics/attribute-key.ts";
import type { MeasuredExemplar } from "../metrics/exemplar-slots.ts";
import { ExplicitHistogramSeries } from "../metrics/explicit-histogram.ts";
import type { ExponentialHistogramSeries } from "../metrics/exponential-histogram.ts";
import type { HistogramSeries } from "../metrics/histogram.ts";
import { escapedLabelValue, sampleText } from "./escape-text.ts";
import { labelPairs } from "./label-pairs.ts";
import { powerCounts } from "./power-buckets.ts";

/** Label text of attribute sets, `a="b",c="d"`; sets do not change, so it is built once. */
const labelTexts = new WeakMap<AttributePairs, string>();

/** The labels as the text formats write them. */
export function labelText(attributes: AttributePairs): string {
  let text = labelTexts.get(attributes);
  if (text === undefined) {
    const pairs = labelPairs(attributes);
    const written: string[] = [];
    for (let i = 0; i < pairs.length; i += 2) {
      written.push(`${pairs[i]}="${escapedLabelValue(pairs[i + 1]!)}"`);
    }
    // Joined, not added up: what is kept is one flat text.
    text = written.join(",");
    labelTexts.set(attributes, text);
  }
  return text;
}

/** How one histogram series is written. */
export interface HistogramTextOptions {
  readonly name: string;
  readonly labels: string;
  /** Only OpenMetrics can carry exemplars. */
  readonly withExemplars: boolean;
}

/** The bucket, sum and count lines of one histogram series. */
export function histogramText(series: HistogramSeries, options: HistogramTextOptions): string {
  const { name, labels } = options;
  const prefix = `${name}_bucket{${labels}${labels === "" ? "" : ","}le="`;
  const buckets =
    series instanceof ExplicitHistogramSeries
      ? explicitBuckets(series, prefix, options.withExemplars)
      : powerBuckets(series, prefix);
  const braces = labels === "" ? "" : `{${labels}}`;
  const sum = `${name}_sum${braces} ${sampleText(series.sum)}\n`;
  return `${buckets}${sum}${name}_count${braces} ${series.count}\n`;
}

function explicitBuckets(
  series: ExplicitHistogramSeries,
  prefix: string,
  withExemplars: boolean,
): string {
  let text = "";
  let cumulative = 0;
  const ends = boundTexts(series.boundaries);
  for (let i = 0; i < series.counts.length; i++) {
    cumulative += series.counts[i]!;
    const exemplar = withExemplars ? exemplarText(series.exemplars?.slots[i]) : "";
    // biome-ignore lint/style/useTemplate: adding up is a sixth of the time that a template takes.
    text += prefix + ends[i] + cumulative + exemplar + "\n";
  }
  return text;
}

/** What follows `le="`, by the boundaries: the series of an instrument share theirs. */
const textsOfBounds = new WeakMap<readonly number[], readonly string[]>();

function boundTexts(boundaries: readonly number[]): readonly string[] {
  let texts = textsOfBounds.get(boundaries);
  if (texts === undefined) {
    texts = [...boundaries, Number.POSITIVE_INFINITY].map((bound) => `${sampleText(bound)}"} `);
    textsOfBounds.set(boundaries, texts);
  }
  return texts;
}

function powerBuckets(series: ExponentialHistogramSeries, prefix: string): string {
  return powerCounts(series)
    .map(([bound, count]) => `${prefix}${sampleText(bound)}"} ${count}\n`)
    .join("");
}

function exemplarText(exemplar: MeasuredExemplar | undefined): string {
  if (exemplar === undefined) return "";
  const { traceId, spanId, value, timestampMs } = exemplar;
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${value} ${timestampMs / 1000}`;
}
