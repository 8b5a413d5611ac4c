import type { NativeHistogram } from "@avx/model";
import type { FamilyMetric, MetricFamily } from "@avx/wire";
import { hasTextForm } from "./federation-families.ts";
import { sampleText } from "./number-text.ts";

const METRIC_NAME_PATTERN = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME_PATTERN = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Families in the Prometheus text format, with timestamps. Histograms with custom buckets become
 * classic ones; other native histograms have no place in this format and are left out.
 */
export function federationText(families: readonly MetricFamily[]): string {
  let text = "";
  for (const { name, type, metrics } of families) {
    const shown = metrics.filter(({ histogram }) => hasTextForm(histogram));
    if (shown.length === 0) continue;
    text += `# TYPE ${nameText(name)} ${type === "untyped" ? "untyped" : "histogram"}\n`;
    for (const metric of shown) {
      const { histogram } = metric;
      if (histogram === undefined) text += line(name, metric, metric.value);
      else text += classicLines(name, metric, histogram);
    }
  }
  return text;
}

function classicLines(name: string, metric: FamilyMetric, histogram: NativeHistogram): string {
  const counts = countsByIndex(histogram);
  let text = "";
  let below = 0;
  for (const [index, bound] of [...histogram.customBounds].entries()) {
    below += counts.get(index) ?? 0;
    text += line(`${name}_bucket`, withLe(metric, sampleText(bound)), below);
  }
  text += line(`${name}_bucket`, withLe(metric, "+Inf"), histogram.count);
  text += line(`${name}_sum`, metric, histogram.sum);
  return text + line(`${name}_count`, metric, histogram.count);
}

function countsByIndex({ positiveSpans, positiveBuckets }: NativeHistogram): Map<number, number> {
  const counts = new Map<number, number>();
  let index = 0;
  let at = 0;
  for (const { offset, length } of positiveSpans) {
    index += offset;
    for (let i = 0; i < length; i++) counts.set(index++, positiveBuckets[at++]!);
  }
  return counts;
}

function withLe(metric: FamilyMetric, le: string): FamilyMetric {
  return { ...metric, labels: [...metric.labels, "le", le] };
}

function line(name: string, { labels, timestampMs }: FamilyMetric, value: number): string {
  const pairs: string[] = METRIC_NAME_PATTERN.test(name) ? [] : [nameText(name)];
  for (let i = 0; i < labels.length; i += 2) {
    const label = labels[i]!;
    const written = LABEL_NAME_PATTERN.test(label) ? label : `"${escaped(label)}"`;
    pairs.push(`${written}="${escaped(labels[i + 1]!)}"`);
  }
  const bare = METRIC_NAME_PATTERN.test(name) ? name : "";
  return `${bare}{${pairs.join(",")}} ${sampleText(value)} ${timestampMs}\n`;
}

function nameText(name: string): string {
  return METRIC_NAME_PATTERN.test(name) ? name : `"${escaped(name)}"`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
