import type { PositionRange } from "../parser/ast.ts";

/** A remark about a query's result: a warning, or an info that hints at a likely mistake. */
export interface Annotation {
  readonly severity: "warning" | "info";
  /** Without position; equal messages are one annotation. */
  readonly message: string;
  readonly range: PositionRange;
  /** What is said in addition once the query is done, gathered over all equal annotations. */
  readonly detail?: AnnotationDetail;
  /** Made inside of a subquery, whose steps are not those of the query. */
  readonly isOfSubquery?: true;
}

/** What an annotation text names beside its place. */
export type AnnotationDetail =
  | MonotonicityDetail
  | { readonly kind: "occurrences"; readonly count: number };

/** How far the buckets of classic histograms were from growing with their bounds. */
export interface MonotonicityDetail {
  readonly kind: "monotonicity";
  readonly minBucket: number;
  readonly maxBucket: number;
  readonly maxDifference: number;
  readonly samples: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** The one annotation of a query, and what it says of each step (Unix ms) that it speaks of. */
export interface RemarkedSteps {
  readonly annotation: Annotation;
  readonly details: ReadonlyMap<number, MonotonicityDetail>;
}

/** The annotations of one query, by message. The position of the latest equal one is kept. */
export interface AnnotationLog {
  add(annotation: Annotation): void;
  all(): readonly Annotation[];
  /** Undefined unless there is just one annotation, and known of which steps it speaks. */
  ofSteps(): RemarkedSteps | undefined;
}

/** An empty log; equal annotations are kept once. */
export function createAnnotationLog(): AnnotationLog {
  const byMessage = new Map<string, Annotation>();
  const details = new Map<number, MonotonicityDetail>();
  let isOfSteps = true;
  const noteStep = ({ detail, isOfSubquery, range }: Annotation, known?: Annotation): void => {
    const isElsewhere = known !== undefined && known.range.start !== range.start;
    if (detail?.kind !== "monotonicity" || isOfSubquery || isElsewhere) isOfSteps = false;
    else addDetail(details, detail);
  };
  return {
    add(annotation) {
      const known = byMessage.get(annotation.message);
      const detail = known?.detail ? mergedDetail(known.detail, annotation.detail) : undefined;
      byMessage.set(annotation.message, detail ? { ...annotation, detail } : annotation);
      if (isOfSteps) noteStep(annotation, known);
    },
    all: () => [...byMessage.values()],
    ofSteps() {
      const [annotation] = byMessage.values();
      const isOne = isOfSteps && annotation !== undefined && byMessage.size === 1;
      return isOne ? { annotation, details } : undefined;
    },
  };
}

function addDetail(details: Map<number, MonotonicityDetail>, detail: MonotonicityDetail): void {
  const known = details.get(detail.firstMs);
  details.set(detail.firstMs, known ? mergedMonotonicity(known, detail) : detail);
}

function mergedDetail(
  known: AnnotationDetail,
  added: AnnotationDetail | undefined,
): AnnotationDetail | undefined {
  if (known.kind === "occurrences" && added?.kind === "occurrences") {
    return { kind: "occurrences", count: known.count + added.count };
  }
  if (known.kind !== "monotonicity" || added?.kind !== "monotonicity") return added;
  return mergedMonotonicity(known, added);
}

/** What two details say together. */
export function mergedMonotonicity(
  known: MonotonicityDetail,
  added: MonotonicityDetail,
): MonotonicityDetail {
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
