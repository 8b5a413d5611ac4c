import { type ProtoExemplar, ProtoFamilyWriter, type ProtoMetricData } from "@avx/wire";
import type { MeasuredExemplar } from "../metrics/exemplar-slots.ts";
import { ExplicitHistogramSeries } from "../metrics/explicit-histogram.ts";
import type { ExponentialHistogramSeries } from "../metrics/exponential-histogram.ts";
import { HistogramInstrument, type HistogramSeries } from "../metrics/histogram.ts";
import type { Meter } from "../metrics/meter.ts";
import { families, type Member, scopeLabels } from "./families.ts";
import { labelPairs } from "./label-pairs.ts";
import { powerCounts } from "./power-buckets.ts";
import { prometheusFamily } from "./prometheus-name.ts";

/** After so many series the caller gets a chance to pause. */
const SERIES_A_SLICE = 100;
const NOTHING = new Uint8Array(0);

/**
 * All metrics as delimited `io.prometheus.client.MetricFamily` messages, piece by piece; an empty
 * piece is only a place to pause. Exponential histograms are native ones, and carry the classic
 * buckets of the text formats too, for a scraper that does not store native ones.
 */
export function* protoExposition(
  meters: readonly Meter[],
  startMs: number,
): Generator<Uint8Array, void> {
  let series = 0;
  for (const [name, members] of families(meters)) {
    const { descriptor } = members[0]!.instrument;
    const isCounter = descriptor.kind === "counter";
    const writer = new ProtoFamilyWriter({
      name: isCounter ? `${name}_total` : name,
      help: descriptor.description,
      unit: prometheusFamily(descriptor).unit,
      kind: protoKind(members[0]!),
    });
    for (const member of members) {
      const scope = scopeLabels(member.scope);
      for (const { attributes, data } of seriesData(member)) {
        writer.add({ labels: [...labelPairs(attributes), ...scope], startMs, data });
        if (++series % SERIES_A_SLICE === 0) yield NOTHING;
      }
    }
    yield* writer.finish();
  }
}

function protoKind({ instrument }: Member): ProtoMetricData["kind"] {
  if (instrument instanceof HistogramInstrument) return "histogram";
  return instrument.descriptor.kind === "counter" ? "counter" : "gauge";
}

function* seriesData({ instrument }: Member) {
  if (instrument instanceof HistogramInstrument) {
    for (const series of instrument.index.values()) {
      yield { attributes: series.attributes, data: histogramData(series) };
    }
    return;
  }
  const kind = instrument.descriptor.kind === "counter" ? "counter" : "gauge";
  for (const { attributes, value } of instrument.index.values()) {
    if (!Number.isNaN(value)) yield { attributes, data: { kind, value } as const };
  }
}

function histogramData(series: HistogramSeries): ProtoMetricData {
  const { count, sum } = series;
  const head = { kind: "histogram", count, sum } as const;
  if (series instanceof ExplicitHistogramSeries) return { ...head, buckets: explicit(series) };
  const counts = powerCounts(series);
  return {
    ...head,
    buckets: counts.map(([upperBound, cumulativeCount]) => ({ upperBound, cumulativeCount })),
    native: {
      schema: series.scale,
      zeroThreshold: 0,
      zeroCount: series.zeroCount,
      // OpenTelemetry numbers a bucket by its lower bound, Prometheus by its upper one.
      offset: series.offset + 1,
      counts: series.counts,
    },
    exemplars: exemplars(series),
  };
}

function explicit(series: ExplicitHistogramSeries) {
  let cumulativeCount = 0;
  return series.counts.map((count, i) => {
    cumulativeCount += count;
    const upperBound = series.boundaries[i] ?? Number.POSITIVE_INFINITY;
    const exemplar = protoExemplar(series.exemplars?.slots[i]);
    return { upperBound, cumulativeCount, exemplar };
  });
}

function exemplars({ exemplars: kept }: ExponentialHistogramSeries): ProtoExemplar[] {
  return (kept?.slots ?? []).flatMap((slot) => protoExemplar(slot) ?? []);
}

function protoExemplar(exemplar: MeasuredExemplar | undefined): ProtoExemplar | undefined {
  if (exemplar === undefined) return undefined;
  const { traceId, spanId, value, timestampMs } = exemplar;
  return { labels: ["trace_id", traceId, "span_id", spanId], value, timestampMs };
}
