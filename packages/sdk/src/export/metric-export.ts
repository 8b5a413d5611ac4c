import type { Attributes, Resource, Scope } from "@avx/model";
import type { OtlpExemplar, OtlpMetric, OtlpMetricData, OtlpNumberPoint } from "@avx/wire";
import type { AttributePairs } from "../metrics/attribute-key.ts";
import type { ExemplarSlots } from "../metrics/exemplar-slots.ts";
import { ExplicitHistogramSeries } from "../metrics/explicit-histogram.ts";
import { HistogramInstrument, type HistogramSeries } from "../metrics/histogram.ts";
import type { Instrument, Meter } from "../metrics/meter.ts";
import { exportedPairs } from "../tracing/otlp-attributes.ts";
import { toUnixNano } from "../tracing/time-input.ts";

/** Attribute sets do not change after their making: their exported form is built once. */
const exportedSets = new WeakMap<AttributePairs, Attributes>();

const NO_ATTRIBUTES: Attributes = new Map();

/** Time and origin of one collection. */
export interface CollectionMoment {
  readonly resource: Resource;
  readonly startMs: number;
  readonly nowMs: number;
  /** Exemplars from this time on are sent; older ones were sent before. */
  readonly exemplarsSinceMs: number;
}

/** All series of all instruments as cumulative OTLP metrics. Instruments without series are left out. */
export function exportedMetrics(meters: readonly Meter[], moment: CollectionMoment): OtlpMetric[] {
  const metrics: OtlpMetric[] = [];
  for (const meter of meters) {
    const scope: Scope = { ...meter.scope, attributes: NO_ATTRIBUTES };
    for (const instrument of meter.instruments.values()) {
      if (instrument.index.size === 0) continue;
      const { name, description, unit } = instrument.descriptor;
      const head = { name, description, unit, resource: moment.resource, scope };
      metrics.push({ ...head, ...metricData(instrument, moment) });
    }
  }
  return metrics;
}

function metricData(instrument: Instrument, moment: CollectionMoment): OtlpMetricData {
  if (instrument instanceof HistogramInstrument) return histogramData(instrument, moment);
  const { kind } = instrument.descriptor;
  const points = [...instrument.index.values()].flatMap((series) => numberPoint(series, moment));
  if (kind === "gauge") return { kind: "gauge", points };
  return { kind: "sum", temporality: "cumulative", isMonotonic: kind === "counter", points };
}

function numberPoint(
  series: { readonly attributes: AttributePairs; readonly value: number },
  moment: CollectionMoment,
): OtlpNumberPoint[] {
  // A bound gauge that was never recorded has no value to send.
  if (Number.isNaN(series.value)) return [];
  const value = series.value;
  return [{ ...pointHead(series.attributes, moment), value, isInteger: false, exemplars: [] }];
}

function histogramData(instrument: HistogramInstrument, moment: CollectionMoment): OtlpMetricData {
  const series = [...instrument.index.values()];
  if (instrument.descriptor.kind === "histogram") {
    const points = series.flatMap((one) => {
      if (!(one instanceof ExplicitHistogramSeries)) return [];
      return [
        {
          ...histogramHead(one, moment),
          bucketCounts: Float64Array.from(one.counts),
          explicitBounds: Float64Array.from(one.boundaries),
        },
      ];
    });
    return { kind: "histogram", temporality: "cumulative", points };
  }
  const points = series.flatMap((one) => {
    if (one instanceof ExplicitHistogramSeries) return [];
    return [
      {
        ...histogramHead(one, moment),
        scale: one.scale,
        zeroCount: one.zeroCount,
        zeroThreshold: 0,
        positive: { offset: one.offset, counts: Float64Array.from(one.counts) },
        negative: { offset: 0, counts: new Float64Array(0) },
      },
    ];
  });
  return { kind: "exponential-histogram", temporality: "cumulative", points };
}

function histogramHead(series: HistogramSeries, moment: CollectionMoment) {
  const { count, sum, min, max } = series;
  return {
    ...pointHead(series.attributes, moment),
    count,
    sum,
    // Without an observation there is no minimum or maximum.
    ...(count === 0 ? {} : { min, max }),
    exemplars: exportedExemplars(series.exemplars, moment.exemplarsSinceMs),
  };
}

function pointHead(attributes: AttributePairs, moment: CollectionMoment) {
  let exported = exportedSets.get(attributes);
  if (exported === undefined) {
    exported = exportedPairs(attributes);
    exportedSets.set(attributes, exported);
  }
  return {
    attributes: exported,
    startUnixNano: toUnixNano(moment.startMs),
    timeUnixNano: toUnixNano(moment.nowMs),
    noRecordedValue: false,
  };
}

function exportedExemplars(slots: ExemplarSlots | undefined, sinceMs: number): OtlpExemplar[] {
  if (slots === undefined) return [];
  return slots.since(sinceMs).map(({ value, timestampMs, traceId, spanId }) => ({
    attributes: NO_ATTRIBUTES,
    timeUnixNano: toUnixNano(timestampMs),
    value,
    isInteger: false,
    traceId,
    spanId,
  }));
}
