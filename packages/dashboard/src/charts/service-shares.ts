import { type SpanNode, type SpanTree, visibleRows } from "./span-tree.ts";

/** What one service took part in a trace. */
export interface ServiceShare {
  readonly service: string;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Time in its own spans in which none of their children ran, ms. */
  readonly selfMs: number;
  /** `selfMs` as a part of the sum over all services, 0..1; 0 when nothing took time. */
  readonly ratio: number;
}

/** The services of a trace by the time they took themselves, most first. */
export function serviceShares(tree: SpanTree): readonly ServiceShare[] {
  const byService = new Map<string, SpanNode[]>();
  const rows = visibleRows(tree, new Set());
  for (const node of rows) {
    const nodes = byService.get(node.span.service);
    if (nodes) nodes.push(node);
    else byService.set(node.span.service, [node]);
  }
  const totalMs = sumSelf(rows);
  return [...byService]
    .map(([service, nodes]) => ({
      service,
      spanCount: nodes.length,
      errorCount: nodes.filter(({ span }) => span.status === "error").length,
      selfMs: sumSelf(nodes),
      ratio: totalMs > 0 ? sumSelf(nodes) / totalMs : 0,
    }))
    .sort((a, b) => b.selfMs - a.selfMs);
}

function sumSelf(nodes: readonly SpanNode[]): number {
  return nodes.reduce((sum, { selfMs }) => sum + selfMs, 0);
}
