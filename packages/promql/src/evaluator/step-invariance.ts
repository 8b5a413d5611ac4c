import type { PlanNode } from "./plan.ts";

/** A planned node and whether its value is the same at every step. */
export interface Planned {
  readonly node: PlanNode;
  readonly invariant: boolean;
  /** Whether evaluating it once pays: constants and range vectors are never wrapped. */
  readonly wrap: boolean;
}

/** The node, marked to be evaluated once where that is right. */
export function wrapped({ node, invariant, wrap }: Planned): PlanNode {
  if (!invariant || !wrap) return node;
  return { kind: "invariant", type: node.type, inner: node, range: node.range };
}
