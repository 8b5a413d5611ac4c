import { labelsFromPairs, METRIC_NAME, type MetricType } from "@avx/model";
import { ProtoReader } from "../protobuf/reader.ts";
import type { Exposition, ExpositionSample } from "../text-exposition/exposition.ts";
import { FamilyMetadata } from "../text-exposition/family-metadata.ts";
import { readFamilyMetric } from "./family-metric.ts";
import { histogramSamples, plainSample, summarySamples } from "./family-samples.ts";

/** By the numbers of the enum MetricType in client_model's metrics.proto. */
const TYPES: readonly MetricType[] = [
  "counter",
  "gauge",
  "summary",
  "unknown",
  "histogram",
  "gaugehistogram",
];

/** What to make of histograms that have buckets of both kinds. */
export interface MetricFamilyOptions {
  /** Classic buckets beside the native ones (`always_scrape_classic_histograms`). */
  readonly alwaysClassic?: boolean;
}

/**
 * Reads `io.prometheus.client.MetricFamily` messages, each behind its length: the exposition that
 * brings native histograms. A histogram with native buckets is one sample; its classic buckets are
 * left out unless asked for. Broken bytes throw `malformed_payload`.
 */
export function parseMetricFamilies(
  bytes: Uint8Array,
  { alwaysClassic = false }: MetricFamilyOptions = {},
): Exposition {
  const reader = new ProtoReader(bytes, "metric families");
  const metadata = new FamilyMetadata();
  const samples: ExpositionSample[] = [];
  while (reader.position < bytes.length) {
    const outer = reader.enter();
    samples.push(...readFamily(reader, metadata, alwaysClassic));
    reader.leave(outer);
  }
  return { samples, metadata: metadata.list() };
}

function readFamily(
  reader: ProtoReader,
  metadata: FamilyMetadata,
  alwaysClassic: boolean,
): ExpositionSample[] {
  const metrics: ReturnType<typeof readFamilyMetric>[] = [];
  let name = "";
  let help = "";
  let unit = "";
  let type: MetricType = "counter";
  for (let tag = reader.nextTag(); tag !== 0; tag = reader.nextTag()) {
    if (tag === 0x0a) name = reader.string();
    else if (tag === 0x12) help = reader.string();
    else if (tag === 0x18) type = TYPES[reader.int32()] ?? "unknown";
    else if (tag === 0x22) metrics.push(readFamilyMetric(reader));
    else if (tag === 0x2a) unit = reader.string();
    else reader.skip(tag);
  }
  if (name === "") throw reader.fault("a metric family without a name");
  metadata.setType(name, type);
  metadata.setHelp(name, help);
  if (unit !== "") metadata.setUnit(name, unit);
  return metrics.flatMap((metric) => {
    const labelled = (suffix: string, ...more: readonly (readonly [string, string])[]) =>
      labelsFromPairs([[METRIC_NAME, name + suffix], ...metric.labels, ...more]);
    if (metric.summary) return summarySamples(metric, metric.summary, labelled);
    if (metric.histogram) {
      return histogramSamples(metric, { ...metric.histogram, alwaysClassic }, labelled);
    }
    return plainSample(metric, labelled);
  });
}
