import type { CallNode, PlanNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import type { VectorValue } from "../evaluator/value.ts";

// The parser has checked number and types of the arguments, so a mismatch here is a fault of ours.

/** The argument at `i` as it stands in the query. */
export function argument(call: CallNode, i: number): PlanNode {
  const node = call.args[i];
  if (!node) throw new TypeError(`${call.name}() has no argument ${i + 1}`);
  return node;
}

/** The instant vector at `i`. */
export async function vectorArgument(
  call: CallNode,
  i: number,
  run: QueryRun,
): Promise<VectorValue> {
  const value = await run.evaluate(argument(call, i), run);
  if (value.kind !== "vector") throw new TypeError(`${call.name}() got a ${value.kind}`);
  return value;
}

/** The scalar at `i`, one value a step. */
export async function scalarArgument(
  call: CallNode,
  i: number,
  run: QueryRun,
): Promise<Float64Array> {
  const value = await run.evaluate(argument(call, i), run);
  if (value.kind !== "scalar") throw new TypeError(`${call.name}() got a ${value.kind}`);
  return value.values;
}

/** The string literal at `i`. */
export function textArgument(call: CallNode, i: number): string {
  const node = argument(call, i);
  if (node.kind !== "string") throw new TypeError(`${call.name}() got a ${node.type}`);
  return node.text;
}
