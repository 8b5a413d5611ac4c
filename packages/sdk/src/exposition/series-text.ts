import type { AttributePairs } from "../metrics/attribute-key.ts";
import type { MeasuredExemplar } from "../metrics/exemplar-slots.ts";
import { ExplicitHistogramSeries } from "../metrics/explicit-histogram.ts";
import type { ExponentialHistogramSeries } from "../metrics/exponential-histogram.ts";
import { exponentialUpperBound } from "../metrics/exponential-index.ts";
import type { HistogramSeries } from "../metrics/histogram.ts";
import { escapedLabelValue, sampleText } from "./escape-text.ts";
import { prometheusLabelName } from "./prometheus-name.ts";

/**
 * An exponential histogram is shown with these `le` bounds, powers of two from 1/1024 to 64: at
 * every scale >= 0 no bucket crosses a power of two, so the counts are exact.
 */
const POWER_BOUNDS = Array.from({ length: 17 }, (_, i) => 2 ** (i - 10));

/** Label text of attribute sets, `a="b",c="d"`; sets do not change, so it is built once. */
const labelTexts = new WeakMap<AttributePairs, string>();

/** Two attributes that sanitise to one label name are joined with ";", as the rules say. */
export function labelText(attributes: AttributePairs): string {
  let text = labelTexts.get(attributes);
  if (text === undefined) {
    const values = new Map<string, string>();
    for (const [name, value] of attributes) {
      const label = prometheusLabelName(name);
      const shown = typeof value === "object" ? JSON.stringify(value) : String(value);
      const present = values.get(label);
      values.set(label, present === undefined ? shown : `${present};${shown}`);
    }
    text = [...values].map(([name, value]) => `${name}="${escapedLabelValue(value)}"`).join(",");
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
  for (let i = 0; i < series.counts.length; i++) {
    cumulative += series.counts[i]!;
    const bound = series.boundaries[i] ?? Number.POSITIVE_INFINITY;
    const exemplar = withExemplars ? exemplarText(series.exemplars?.slots[i]) : "";
    text += `${prefix}${sampleText(bound)}"} ${cumulative}${exemplar}\n`;
  }
  return text;
}

function powerBuckets(series: ExponentialHistogramSeries, prefix: string): string {
  let text = "";
  let cumulative = series.zeroCount;
  let i = 0;
  for (const bound of POWER_BOUNDS) {
    while (
      i < series.counts.length &&
      exponentialUpperBound(series.offset + i, series.scale) <= bound
    ) {
      cumulative += series.counts[i]!;
      i++;
    }
    text += `${prefix}${bound}"} ${cumulative}\n`;
  }
  return `${text}${prefix}+Inf"} ${series.count}\n`;
}

function exemplarText(exemplar: MeasuredExemplar | undefined): string {
  if (exemplar === undefined) return "";
  const { traceId, spanId, value, timestampMs } = exemplar;
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${value} ${timestampMs / 1000}`;
}
