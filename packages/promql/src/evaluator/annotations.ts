import type { PositionRange } from "../parser/ast.ts";

/** A remark about a query's result: a warning, or an info that hints at a likely mistake. */
export interface Annotation {
  readonly severity: "warning" | "info";
  /** Without position; equal messages are one annotation. */
  readonly message: string;
  readonly range: PositionRange;
  /** What is said in addition once the query is done, gathered over all equal annotations. */
  readonly detail?: AnnotationDetail;
}

/** What an annotation text names beside its place. */
export type AnnotationDetail =
  | {
      readonly kind: "monotonicity";
      readonly minBucket: number;
      readonly maxBucket: number;
      readonly maxDifference: number;
      readonly samples: number;
      readonly firstMs: number;
      readonly lastMs: number;
    }
  | { readonly kind: "occurrences"; readonly count: number };

/** The annotations of one query, by message. The position of the latest equal one is kept. */
export interface AnnotationLog {
  add(annotation: Annotation): void;
  all(): readonly Annotation[];
}

/** An empty log; equal annotations are kept once. */
export function createAnnotationLog(): AnnotationLog {
  const byMessage = new Map<string, Annotation>();
  return {
    add(annotation) {
      const known = byMessage.get(annotation.message);
      const detail = known?.detail ? mergedDetail(known.detail, annotation.detail) : undefined;
      byMessage.set(annotation.message, detail ? { ...annotation, detail } : annotation);
    },
    all: () => [...byMessage.values()],
  };
}

function mergedDetail(
  known: AnnotationDetail,
  added: AnnotationDetail | undefined,
): AnnotationDetail | undefined {
  if (known.kind === "occurrences" && added?.kind === "occurrences") {
    return { kind: "occurrences", count: known.count + added.count };
  }
  if (known.kind !== "monotonicity" || added?.kind !== "monotonicity") return added;
  return {
    kind: "monotonicity",
    minBucket: Math.min(known.minBucket, added.minBucket),
    maxBucket: Math.max(known.maxBucket, added.maxBucket),
    maxDifference: Math.max(known.maxDifference, added.maxDifference),
    samples: known.samples + added.samples,
    firstMs: Math.min(known.firstMs, added.firstMs),
    lastMs: Math.max(known.lastMs, added.lastMs),
  };
}
