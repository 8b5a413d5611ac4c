import type { PositionRange } from "../parser/ast.ts";
import type { Annotation, AnnotationDetail } from "./annotations.ts";
import { formatShortest, formatSignificant } from "./go-number.ts";

/** The query they belong to, and how many of each kind are shown. */
export interface AnnotationView {
  readonly query: string;
  readonly maxOfEach: number;
}

/** Warnings and infos as the query API shows them, each with its position in the query. */
export function annotationTexts(
  annotations: readonly Annotation[],
  { query, maxOfEach }: AnnotationView,
): { readonly warnings: readonly string[]; readonly infos: readonly string[] } {
  const bytes = new TextEncoder().encode(query);
  const texts = (severity: Annotation["severity"]) => {
    const all = annotations.filter((annotation) => annotation.severity === severity);
    const shown = all.slice(0, maxOfEach).map((annotation) => annotationText(annotation, bytes));
    const omitted = all.length - shown.length;
    return omitted > 0 ? [...shown, `${omitted} more ${severity} annotations omitted`] : shown;
  };
  return { warnings: texts("warning"), infos: texts("info") };
}

function annotationText({ message, detail, range }: Annotation, query: Uint8Array): string {
  return `${message}${detail ? detailText(detail) : ""} (${positionText(range, query)})`;
}

function detailText(detail: AnnotationDetail): string {
  if (detail.kind === "occurrences") {
    return detail.count > 1 ? ` (${detail.count} occurrences)` : "";
  }
  const buckets = `from buckets ${formatShortest(detail.minBucket)} to ${formatShortest(detail.maxBucket)}`;
  const difference = `with a max diff of ${formatSignificant(detail.maxDifference, 2)}`;
  const times = `from ${secondsText(detail.firstMs)} to ${secondsText(detail.lastMs)}`;
  return `, ${buckets}, ${difference}, over ${detail.samples} samples ${times}`;
}

/** RFC 3339 without fractions of a second. */
function secondsText(timeMs: number): string {
  return `${new Date(Math.trunc(timeMs / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}

/** `line:column` of the start of a range, both from 1, the column in bytes. */
function positionText({ start }: PositionRange, query: Uint8Array): string {
  if (query.length === 0) return "unknown position";
  if (start < 0 || start > query.length) return "invalid position";
  let line = 1;
  let lineStart = 0;
  for (let i = 0; i < start; i++) {
    if (query[i] !== 0x0a) continue;
    line++;
    lineStart = i + 1;
  }
  return `${line}:${start - lineStart + 1}`;
}
