import { labelsToRecord, labelValue, METRIC_NAME } from "@avx/model";
import { type ExpositionSample, parseTextExposition } from "@avx/wire";

/** One family in the JSON form of client_model's `MetricFamily`. */
export interface SelfMetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly metric: readonly object[];
}

/** Families of an exposition as text, in its order, as `/api/v1/status/self_metrics` shows them. */
export function selfMetricFamilies(text: string): SelfMetricFamily[] {
  const { samples, metadata } = parseTextExposition(new TextEncoder().encode(text));
  return metadata.map(({ name, type, help }) => {
    const own = samples.filter(({ labels }) => isOf(labelValue(labels, METRIC_NAME), name, type));
    const metric =
      type === "histogram" ? histograms(own, name) : own.map((one) => plain(one, type));
    return { name, help, type: type === "unknown" ? "UNTYPED" : type.toUpperCase(), metric };
  });
}

function isOf(sample: string, family: string, type: string): boolean {
  if (sample === family) return true;
  const parts = type === "histogram" ? ["_bucket", "_sum", "_count"] : [];
  return parts.some((part) => sample === family + part);
}

function plain({ labels, value }: ExpositionSample, type: string): object {
  const key = type === "counter" || type === "gauge" ? type : "untyped";
  return { label: labelPairs(labelsToRecord(labels)), [key]: { value: shown(value) } };
}

/** JSON has no NaN and no infinities; the form writes them as text. */
function shown(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function labelPairs(record: Readonly<Record<string, string>>, without?: string): object[] {
  return Object.entries(record)
    .filter(([name]) => name !== METRIC_NAME && name !== without)
    .map(([name, value]) => ({ name, value }));
}

interface Histogram {
  readonly label: object[];
  readonly buckets: object[];
  sum: number;
  count: number;
}

function histograms(samples: readonly ExpositionSample[], family: string): object[] {
  const found = new Map<string, Histogram>();
  for (const { labels, value } of samples) {
    const record = labelsToRecord(labels);
    const label = labelPairs(record, "le");
    const key = JSON.stringify(label);
    const one = found.get(key) ?? { label, buckets: [], sum: 0, count: 0 };
    found.set(key, one);
    const part = record[METRIC_NAME]?.slice(family.length);
    if (part === "_sum") one.sum = value;
    else if (part === "_count") one.count = value;
    else one.buckets.push({ cumulativeCount: String(value), upperBound: bound(record["le"]) });
  }
  return Array.from(found.values(), ({ label, buckets, sum, count }) => ({
    label,
    histogram: { sampleCount: String(count), sampleSum: shown(sum), bucket: buckets },
  }));
}

function bound(text = "+Inf"): number | string {
  return text === "+Inf" ? "Infinity" : Number(text);
}
