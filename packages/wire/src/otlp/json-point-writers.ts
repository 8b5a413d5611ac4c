import { attributesToJson, doubleToJson, type JsonOut } from "./json-attributes.ts";
import {
  NO_RECORDED_VALUE_FLAG,
  type OtlpBuckets,
  type OtlpExemplar,
  type OtlpMetricData,
  type OtlpPoint,
  TEMPORALITIES,
} from "./metric.ts";

type JsonFields = { readonly [field: string]: JsonOut };

/** The `oneof data` of a metric with its points. */
export function metricDataToJson(data: OtlpMetricData): JsonFields {
  if (data.kind === "gauge") return { gauge: { dataPoints: data.points.map(numberPoint) } };
  if (data.kind === "summary") return { summary: { dataPoints: data.points.map(summaryPoint) } };
  const aggregationTemporality = TEMPORALITIES.indexOf(data.temporality);
  if (data.kind === "sum") {
    const { isMonotonic } = data;
    const dataPoints = data.points.map(numberPoint);
    return { sum: { dataPoints, aggregationTemporality, isMonotonic } };
  }
  if (data.kind === "histogram") {
    return { histogram: { dataPoints: data.points.map(histogramPoint), aggregationTemporality } };
  }
  const dataPoints = data.points.map(exponentialPoint);
  return { exponentialHistogram: { dataPoints, aggregationTemporality } };
}

type PointOf<Kind extends OtlpMetricData["kind"]> = Extract<
  OtlpMetricData,
  { readonly kind: Kind }
>["points"][number];

function pointFields(point: OtlpPoint): JsonFields {
  return {
    attributes: attributesToJson(point.attributes),
    startTimeUnixNano: String(point.startUnixNano),
    timeUnixNano: String(point.timeUnixNano),
    flags: point.noRecordedValue ? NO_RECORDED_VALUE_FLAG : undefined,
  };
}

function numberFields({ value, isInteger }: { value: number; isInteger: boolean }): JsonFields {
  return isInteger ? { asInt: wholeText(value) } : { asDouble: doubleToJson(value) };
}

function numberPoint(point: PointOf<"gauge">): JsonOut {
  return {
    ...pointFields(point),
    ...(point.noRecordedValue ? {} : numberFields(point)),
    exemplars: exemplarsToJson(point.exemplars),
  };
}

function histogramPoint(point: PointOf<"histogram">): JsonOut {
  return {
    ...pointFields(point),
    ...rangeFields(point),
    count: wholeText(point.count),
    bucketCounts: Array.from(point.bucketCounts, wholeText),
    explicitBounds: Array.from(point.explicitBounds, doubleToJson),
    exemplars: exemplarsToJson(point.exemplars),
  };
}

function exponentialPoint(point: PointOf<"exponential-histogram">): JsonOut {
  return {
    ...pointFields(point),
    ...rangeFields(point),
    count: wholeText(point.count),
    scale: point.scale,
    zeroCount: wholeText(point.zeroCount),
    zeroThreshold: doubleToJson(point.zeroThreshold),
    positive: bucketsToJson(point.positive),
    negative: bucketsToJson(point.negative),
    exemplars: exemplarsToJson(point.exemplars),
  };
}

function summaryPoint(point: PointOf<"summary">): JsonOut {
  return {
    ...pointFields(point),
    count: wholeText(point.count),
    sum: doubleToJson(point.sum),
    quantileValues: point.quantiles.map(({ quantile, value }) => ({
      quantile: doubleToJson(quantile),
      value: doubleToJson(value),
    })),
  };
}

function rangeFields(range: { sum?: number; min?: number; max?: number }): JsonFields {
  return {
    sum: range.sum === undefined ? undefined : doubleToJson(range.sum),
    min: range.min === undefined ? undefined : doubleToJson(range.min),
    max: range.max === undefined ? undefined : doubleToJson(range.max),
  };
}

function bucketsToJson({ offset, counts }: OtlpBuckets): JsonOut {
  return { offset, bucketCounts: Array.from(counts, wholeText) };
}

function exemplarsToJson(exemplars: readonly OtlpExemplar[]): JsonOut {
  if (exemplars.length === 0) return undefined;
  return exemplars.map((exemplar) => ({
    filteredAttributes: attributesToJson(exemplar.attributes),
    timeUnixNano: String(exemplar.timeUnixNano),
    ...numberFields(exemplar),
    traceId: exemplar.traceId,
    spanId: exemplar.spanId,
  }));
}

/** All digits of a whole number; beyond 1e21 String() would write an exponent. */
function wholeText(value: number): string {
  return BigInt(value).toString();
}
