import type { MetricMetadata } from "@avx/model";

/** Series of a histogram or summary beside its own name. */
const PART = /_(bucket|count|sum)$/;

/**
 * Whether the values of a metric may only rise: what its description says, of itself or of the
 * histogram or summary that it is a part of; without one its name decides ("_total").
 */
export function onlyRises(
  metric: string,
  described: ReadonlyMap<string, readonly MetricMetadata[]>,
): boolean {
  const typeOf = (name: string) => described.get(name)?.[0]?.type ?? "unknown";
  const own = typeOf(metric);
  if (own !== "unknown") return own === "counter";
  if (metric.endsWith("_total")) return true;
  const family = typeOf(metric.replace(PART, ""));
  return PART.test(metric) && (family === "histogram" || family === "summary");
}
