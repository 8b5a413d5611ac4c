import { annotationTexts } from "../evaluator/annotation-text.ts";
import {
  type MonotonicityDetail,
  mergedMonotonicity,
  type RemarkedSteps,
} from "../evaluator/annotations.ts";
import type { QueryResult } from "../query-engine.ts";

/** Of the steps from `startMs` to `endMs`, both inclusive; `undefined` when nothing is said of them. */
export function cutRemarks(
  remarks: RemarkedSteps | undefined,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): RemarkedSteps | undefined {
  if (remarks === undefined) return undefined;
  const details = [...remarks.details].filter(([timeMs]) => timeMs >= startMs && timeMs <= endMs);
  return details.length === 0 ? undefined : { ...remarks, details: new Map(details) };
}

/**
 * What is said of different steps of one query as one; `"unclear"` when it is not one annotation: then
 * only evaluation knows in which order they stand.
 */
export function joinRemarks(
  parts: readonly (RemarkedSteps | undefined)[],
): RemarkedSteps | "unclear" | undefined {
  const [first, ...others] = parts.filter((part) => part !== undefined);
  if (first === undefined) return undefined;
  const { message, range } = first.annotation;
  const details = new Map(first.details);
  for (const { annotation, details: more } of others) {
    const isSame = annotation.message === message && annotation.range.start === range.start;
    if (!isSame) return "unclear";
    for (const [timeMs, detail] of more) details.set(timeMs, detail);
  }
  return { annotation: first.annotation, details };
}

/** The warnings and infos of a result that has just these remarks. */
export function remarkTexts(
  remarks: RemarkedSteps | undefined,
  query: string,
): Pick<QueryResult, "warnings" | "infos" | "remarkedSteps"> {
  if (remarks === undefined) return { warnings: [], infos: [] };
  let detail: MonotonicityDetail | undefined;
  for (const one of remarks.details.values()) {
    detail = detail ? mergedMonotonicity(detail, one) : one;
  }
  const annotation = { ...remarks.annotation, ...(detail ? { detail } : {}) };
  return { ...annotationTexts([annotation], { query, maxOfEach: 1 }), remarkedSteps: remarks };
}
