import { attributesFromJson } from "./json-attributes.ts";
import {
  arrayOf,
  doubleOf,
  hexOf,
  int32Of,
  int64Of,
  type JsonObject,
  objectOf,
  optionalDoubleOf,
  uint64Of,
} from "./json-values.ts";
import {
  NO_RECORDED_VALUE_FLAG,
  type OtlpBuckets,
  type OtlpExemplar,
  type OtlpExponentialPoint,
  type OtlpHistogramPoint,
  type OtlpNumberPoint,
  type OtlpPoint,
  type OtlpSummaryPoint,
} from "./metric.ts";

/** A `NumberDataPoint`. */
export function numberPointFromJson(json: JsonObject): OtlpNumberPoint {
  return { ...pointFromJson(json), ...numberFromJson(json), exemplars: exemplarsFromJson(json) };
}

/** A `HistogramDataPoint`. */
export function histogramPointFromJson(json: JsonObject): OtlpHistogramPoint {
  return {
    ...pointFromJson(json),
    ...rangeFromJson(json),
    count: countOf(json["count"], "count"),
    bucketCounts: countsOf(json["bucketCounts"], "bucketCounts"),
    explicitBounds: Float64Array.from(arrayOf(json["explicitBounds"], "explicitBounds"), (bound) =>
      doubleOf(bound, "explicitBounds"),
    ),
    exemplars: exemplarsFromJson(json),
  };
}

/** An `ExponentialHistogramDataPoint`. */
export function exponentialPointFromJson(json: JsonObject): OtlpExponentialPoint {
  return {
    ...pointFromJson(json),
    ...rangeFromJson(json),
    count: countOf(json["count"], "count"),
    scale: int32Of(json["scale"], "scale"),
    zeroCount: countOf(json["zeroCount"], "zeroCount"),
    zeroThreshold: doubleOf(json["zeroThreshold"], "zeroThreshold"),
    positive: bucketsFromJson(json["positive"]),
    negative: bucketsFromJson(json["negative"]),
    exemplars: exemplarsFromJson(json),
  };
}

/** A `SummaryDataPoint`. */
export function summaryPointFromJson(json: JsonObject): OtlpSummaryPoint {
  return {
    ...pointFromJson(json),
    count: countOf(json["count"], "count"),
    sum: doubleOf(json["sum"], "sum"),
    quantiles: arrayOf(json["quantileValues"], "quantileValues").map((item) => {
      const pair = objectOf(item, "quantileValues");
      return {
        quantile: doubleOf(pair["quantile"], "quantile"),
        value: doubleOf(pair["value"], "value"),
      };
    }),
  };
}

function pointFromJson(json: JsonObject): OtlpPoint {
  return {
    attributes: attributesFromJson(json["attributes"]),
    startUnixNano: uint64Of(json["startTimeUnixNano"], "startTimeUnixNano"),
    timeUnixNano: uint64Of(json["timeUnixNano"], "timeUnixNano"),
    noRecordedValue: (int32Of(json["flags"], "flags") & NO_RECORDED_VALUE_FLAG) !== 0,
  };
}

function numberFromJson(json: JsonObject): { value: number; isInteger: boolean } {
  const asInt = json["asInt"];
  if (asInt !== undefined && asInt !== null) {
    return { value: Number(int64Of(asInt, "asInt")), isInteger: true };
  }
  return { value: doubleOf(json["asDouble"], "asDouble"), isInteger: false };
}

function rangeFromJson(json: JsonObject): { sum?: number; min?: number; max?: number } {
  const range: { sum?: number; min?: number; max?: number } = {};
  for (const field of ["sum", "min", "max"] as const) {
    const value = optionalDoubleOf(json[field], field);
    if (value !== undefined) range[field] = value;
  }
  return range;
}

function bucketsFromJson(value: unknown): OtlpBuckets {
  const buckets = objectOf(value, "buckets");
  return {
    offset: int32Of(buckets["offset"], "offset"),
    counts: countsOf(buckets["bucketCounts"], "bucketCounts"),
  };
}

function exemplarsFromJson(json: JsonObject): OtlpExemplar[] {
  return arrayOf(json["exemplars"], "exemplars").map((item) => {
    const exemplar = objectOf(item, "exemplars");
    return {
      attributes: attributesFromJson(exemplar["filteredAttributes"]),
      timeUnixNano: uint64Of(exemplar["timeUnixNano"], "timeUnixNano"),
      ...numberFromJson(exemplar),
      traceId: hexOf(exemplar["traceId"], "traceId"),
      spanId: hexOf(exemplar["spanId"], "spanId"),
    };
  });
}

function countOf(value: unknown, field: string): number {
  return Number(uint64Of(value, field));
}

function countsOf(value: unknown, field: string): Float64Array {
  return Float64Array.from(arrayOf(value, field), (count) => countOf(count, field));
}
