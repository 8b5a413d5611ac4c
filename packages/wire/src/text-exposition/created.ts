import { dropLabels, labelsKey, labelValue, METRIC_NAME } from "@avx/model";
import type { ExpositionSample } from "./exposition.ts";
import type { FamilyMetadata } from "./family-metadata.ts";

const CREATED_SUFFIX = "_created";
const MILLIS_PER_SECOND = 1000;
/** Labels that tell the series of one histogram or summary apart. */
const PART_LABELS = new Set([METRIC_NAME, "le", "quantile"]);
const TYPES_WITH_START = new Set(["counter", "histogram", "summary"]);
/** Suffixes of the series of such a family. */
const PART_SUFFIX = /_(total|bucket|sum|count)$/;

/**
 * Moves the values of `_created` lines to the samples of the same family and labels, as their
 * start time. A `_created` line whose family is not described stays an ordinary sample.
 */
export function attachCreated(
  samples: readonly ExpositionSample[],
  metadata: FamilyMetadata,
): ExpositionSample[] {
  const createdMs = new Map<string, number>();
  const kept = samples.filter((sample) => {
    const name = labelValue(sample.labels, METRIC_NAME);
    if (!name.endsWith(CREATED_SUFFIX)) return true;
    const family = name.slice(0, -CREATED_SUFFIX.length);
    if (!hasStart(family, metadata)) return true;
    createdMs.set(identity(family, sample), sample.value * MILLIS_PER_SECOND);
    return false;
  });
  if (createdMs.size === 0) return kept;
  return kept.map((sample) => {
    const name = labelValue(sample.labels, METRIC_NAME);
    const family = hasStart(name, metadata) ? name : name.replace(PART_SUFFIX, "");
    const startTimestampMs = createdMs.get(identity(family, sample));
    return startTimestampMs === undefined ? sample : { ...sample, startTimestampMs };
  });
}

function hasStart(family: string, metadata: FamilyMetadata): boolean {
  const type = metadata.get(family)?.type;
  return type !== undefined && TYPES_WITH_START.has(type);
}

function identity(family: string, { labels }: ExpositionSample): string {
  return `${family}\u0000${labelsKey(dropLabels(labels, PART_LABELS))}`;
}
