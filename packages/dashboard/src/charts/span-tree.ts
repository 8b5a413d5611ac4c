import type { TraceSpan } from "@avx/server/contract";

/** A span in its place in the trace. */
export interface SpanNode {
  readonly span: TraceSpan;
  readonly depth: number;
  readonly children: readonly SpanNode[];
  /** Its parent is named but not among the spans that were received. */
  readonly isOrphan: boolean;
  /** An error whose cause is not further down: none of its descendants failed. */
  readonly isErrorOrigin: boolean;
  /** Time in which no child ran, ms. */
  readonly selfMs: number;
}

/** A trace as a forest, with the window that it takes. */
export interface SpanTree {
  readonly roots: readonly SpanNode[];
  readonly startMs: number;
  readonly endMs: number;
  readonly services: readonly string[];
}

/** Deeper nesting is not followed: it would be a broken or hostile trace. */
const MAX_DEPTH = 500;

/**
 * Builds the forest of a trace. Spans without a parent, with one that was not received, or in a
 * circle are roots; siblings are ordered by start.
 */
export function spanTree(spans: readonly TraceSpan[]): SpanTree {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const childrenOf = new Map<string, TraceSpan[]>();
  const roots: TraceSpan[] = [];
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    const hasParent = byId.has(span.parentSpanId) && span.parentSpanId !== span.spanId;
    const siblings = childrenOf.get(span.parentSpanId);
    if (!hasParent) roots.push(span);
    else if (siblings) siblings.push(span);
    else childrenOf.set(span.parentSpanId, [span]);
  }
  const placed = new Set<TraceSpan>();
  const build = (span: TraceSpan, depth: number): SpanNode => {
    placed.add(span);
    const children: SpanNode[] = [];
    for (const child of childrenOf.get(span.spanId) ?? [])
      if (!placed.has(child) && depth < MAX_DEPTH) children.push(build(child, depth + 1));
    return {
      span,
      depth,
      children,
      isOrphan: span.parentSpanId !== "" && depth === 0,
      isErrorOrigin: span.status === "error" && !children.some(hasError),
      selfMs: selfTime(span, children),
    };
  };
  const forest = roots.map((span) => build(span, 0));
  // What is left over lies in circles; each begins at its earliest span.
  for (const span of spans) if (!placed.has(span)) forest.push(build(span, 0));
  return {
    roots: forest,
    startMs: spans.reduce((first, span) => Math.min(first, span.startMs), Number.POSITIVE_INFINITY),
    endMs: spans.reduce((last, span) => Math.max(last, span.startMs + span.durationMs), 0),
    services: [...new Set(spans.map(({ service }) => service))],
  };
}

function hasError(node: SpanNode): boolean {
  return node.span.status === "error" || node.children.some(hasError);
}

/** The span's duration minus the union of its children's time within it. */
function selfTime(span: TraceSpan, children: readonly SpanNode[]): number {
  const endMs = span.startMs + span.durationMs;
  let covered = 0;
  let untilMs = span.startMs;
  for (const { span: child } of children) {
    const fromMs = Math.max(child.startMs, untilMs);
    const toMs = Math.min(child.startMs + child.durationMs, endMs);
    if (toMs > fromMs) {
      covered += toMs - fromMs;
      untilMs = toMs;
    }
  }
  return Math.max(0, span.durationMs - covered);
}

/** The rows of a waterfall: the forest in order, without what is below folded spans. */
export function visibleRows(tree: SpanTree, folded: ReadonlySet<string>): readonly SpanNode[] {
  const rows: SpanNode[] = [];
  const add = (node: SpanNode): void => {
    rows.push(node);
    if (!folded.has(node.span.spanId)) node.children.forEach(add);
  };
  tree.roots.forEach(add);
  return rows;
}

/** The first origin of an error, in the order of the rows; `null` when nothing failed. */
export function firstErrorOrigin(tree: SpanTree): SpanNode | null {
  return visibleRows(tree, new Set()).find(({ isErrorOrigin }) => isErrorOrigin) ?? null;
}

/**
 * The spans that decided how long the trace took: from the end of the first root backwards, always
 * into the child that finished last before the moment reached. By span ID.
 */
export function criticalPath(tree: SpanTree): ReadonlySet<string> {
  const onPath = new Set<string>();
  const walk = (node: SpanNode, untilMs: number): void => {
    onPath.add(node.span.spanId);
    let reachedMs = Math.min(untilMs, node.span.startMs + node.span.durationMs);
    const byEnd = [...node.children].sort(
      (a, b) => b.span.startMs + b.span.durationMs - (a.span.startMs + a.span.durationMs),
    );
    for (const child of byEnd) {
      const endMs = child.span.startMs + child.span.durationMs;
      if (endMs > reachedMs || child.span.startMs < node.span.startMs) continue;
      walk(child, endMs);
      reachedMs = child.span.startMs;
    }
  };
  const first = tree.roots[0];
  if (first) walk(first, first.span.startMs + first.span.durationMs);
  return onPath;
}
