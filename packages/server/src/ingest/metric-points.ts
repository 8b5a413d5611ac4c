import type { Resource } from "@avx/model";
import { type OtlpExemplar, type OtlpMetric, PROMOTED_ATTRIBUTES } from "@avx/wire";
import {
  attributeFault,
  isLongerThan,
  isValueTooLong,
  LABEL_LIMITS,
  MAX_BUCKETS_PER_POINT,
  MAX_METRIC_NAME_BYTES,
  MAX_PARTS_PER_ITEM,
  MAX_UNIT_BYTES,
  RECORD_LIMITS,
} from "./limits.ts";
import type { Refusals } from "./refusals.ts";
import { nanosFault, type TimeWindow } from "./time-window.ts";

/** The metrics without the points that break a limit; those are counted in `refusals`. */
export function acceptablePoints(
  metrics: readonly OtlpMetric[],
  window: TimeWindow,
  refusals: Refusals,
): OtlpMetric[] {
  const resources = new Map<Resource, CheckedResource>();
  return metrics.map((metric) => {
    const checked = resources.get(metric.resource) ?? checkResource(metric.resource, refusals);
    resources.set(metric.resource, checked);
    const fault = checked.fault ?? metricFault(metric);
    const described = withoutLongDescription(metric, refusals);
    return keepPoints({ ...described, resource: checked.resource }, (point) => {
      const reason = fault ?? pointFault(point, window);
      if (reason !== undefined) refusals.add(reason);
      return reason === undefined;
    });
  });
}

function keepPoints(metric: OtlpMetric, keep: (point: CheckedPoint) => boolean): OtlpMetric {
  // One branch a kind, because each kind has points of its own type.
  if (metric.kind === "gauge") return { ...metric, points: metric.points.filter(keep) };
  if (metric.kind === "sum") return { ...metric, points: metric.points.filter(keep) };
  if (metric.kind === "histogram") return { ...metric, points: metric.points.filter(keep) };
  if (metric.kind === "summary") return { ...metric, points: metric.points.filter(keep) };
  return { ...metric, points: metric.points.filter(keep) };
}

type CheckedPoint = OtlpMetric["points"][number];

interface CheckedResource {
  readonly resource: Resource;
  /** Why none of its points can be taken. */
  readonly fault: string | undefined;
}

/**
 * A long attribute that identifies nothing (a Java command line) is left out of `target_info` with
 * a warning; everything else over a limit refuses the resource's points.
 */
function checkResource(resource: Resource, refusals: Refusals): CheckedResource {
  const fault = attributeFault(resource.attributes, RECORD_LIMITS);
  if (fault !== undefined) return { resource, fault };
  const long = Array.from(resource.attributes).filter(([, value]) =>
    isValueTooLong(value, LABEL_LIMITS.maxValueBytes),
  );
  if (long.length === 0) return { resource, fault: undefined };
  if (long.some(([name]) => isIdentifying(name))) {
    return { resource, fault: "attribute_value_too_long" };
  }
  refusals.warn("resource_attribute_too_long");
  const attributes = new Map(resource.attributes);
  for (const [name] of long) attributes.delete(name);
  return { resource: { attributes }, fault: undefined };
}

function isIdentifying(attribute: string): boolean {
  return attribute === "service.instance.id" || PROMOTED_ATTRIBUTES.includes(attribute);
}

function metricFault({ name, unit }: OtlpMetric): string | undefined {
  if (isLongerThan(name, MAX_METRIC_NAME_BYTES)) return "metric_name_too_long";
  return isLongerThan(unit, MAX_UNIT_BYTES) ? "unit_too_long" : undefined;
}

function withoutLongDescription(metric: OtlpMetric, refusals: Refusals): OtlpMetric {
  if (!isLongerThan(metric.description, LABEL_LIMITS.maxValueBytes)) return metric;
  refusals.warn("description_too_long");
  return { ...metric, description: "" };
}

function pointFault(point: CheckedPoint, window: TimeWindow): string | undefined {
  if (bucketCount(point) > MAX_BUCKETS_PER_POINT) return "too_many_buckets";
  return (
    nanosFault(point.timeUnixNano, window) ??
    attributeFault(point.attributes, LABEL_LIMITS) ??
    ("exemplars" in point ? exemplarFault(point.exemplars) : undefined)
  );
}

function exemplarFault(exemplars: readonly OtlpExemplar[]): string | undefined {
  if (exemplars.length > MAX_PARTS_PER_ITEM) return "too_many_parts";
  for (const { attributes } of exemplars) {
    const fault = attributeFault(attributes, LABEL_LIMITS);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function bucketCount(point: CheckedPoint): number {
  if ("bucketCounts" in point) return point.bucketCounts.length;
  if ("positive" in point) return point.positive.counts.length + point.negative.counts.length;
  return "quantiles" in point ? point.quantiles.length : 0;
}
