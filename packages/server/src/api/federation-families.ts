import { CUSTOM_BUCKETS_SCHEMA, type Labels, METRIC_NAME, type NativeHistogram } from "@avx/model";
import type { VectorSample } from "@avx/promql";
import type { FamilyMetric, MetricFamily } from "@avx/wire";

const INSTANCE = "instance";

/**
 * Samples as families, by name. As in Prometheus a family has one kind of sample (a name with both
 * gives two families), and a series without instance gets an empty one, so that the scraper does
 * not put its own there. Series without a name are left out.
 */
export function federationFamilies(samples: Iterable<VectorSample>): MetricFamily[] {
  const families = new Map<string, MetricFamily & { readonly metrics: FamilyMetric[] }>();
  for (const sample of samples) {
    const { name, labels } = splitName(sample.labels);
    if (name === "") continue;
    const type = familyType(sample.histogram);
    const key = `${type} ${name}`;
    let family = families.get(key);
    if (family === undefined) {
      family = { name, type, metrics: [] };
      families.set(key, family);
    }
    const { timestampMs, value, histogram } = sample;
    family.metrics.push({ labels, timestampMs, value, ...(histogram ? { histogram } : {}) });
  }
  return [...families.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Whether the text format has a form for the histogram: that of a classic one. */
export function hasTextForm(histogram: NativeHistogram | undefined): boolean {
  return histogram === undefined || histogram.schema === CUSTOM_BUCKETS_SCHEMA;
}

function familyType(histogram: NativeHistogram | undefined): MetricFamily["type"] {
  if (histogram === undefined) return "untyped";
  return histogram.counterResetHint === "gauge" ? "gaugehistogram" : "histogram";
}

function splitName(labels: Labels): { name: string; labels: string[] } {
  const rest: string[] = [];
  let name = "";
  let hasInstance = false;
  for (let i = 0; i < labels.length; i += 2) {
    if (labels[i] === METRIC_NAME) {
      name = labels[i + 1]!;
      continue;
    }
    if (labels[i] === INSTANCE) hasInstance = true;
    rest.push(labels[i]!, labels[i + 1]!);
  }
  if (!hasInstance) rest.push(INSTANCE, "");
  return { name, labels: rest };
}
