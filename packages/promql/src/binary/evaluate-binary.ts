import type { BinaryNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import type { ScalarValue, Value, VectorValue } from "../evaluator/value.ts";
import type { BinaryOp, SetOp } from "../parser/ast.ts";
import { scalarScalar, vectorScalar } from "./scalar-operation.ts";
import { setOperation } from "./set-operation.ts";
import { vectorVector } from "./vector-match.ts";

/** How two vectors are matched when nothing is written. */
const DEFAULT_MATCHING = {
  cardinality: "one-to-one",
  on: false,
  labels: [],
  include: [],
} as const;

/** Evaluates a binary operation of any operand types. */
export async function evaluateBinary(node: BinaryNode, run: QueryRun): Promise<Value> {
  const left = operand(await run.evaluate(node.left, run));
  const right = operand(await run.evaluate(node.right, run));
  if (left.kind === "scalar") {
    if (right.kind === "scalar") return scalarScalar(node, left, right);
    return vectorScalar(node, { vector: right, scalar: left, swapped: true }, run);
  }
  if (right.kind === "scalar") {
    return vectorScalar(node, { vector: left, scalar: right, swapped: false }, run);
  }
  const matching = node.matching ?? DEFAULT_MATCHING;
  const { op } = node;
  if (isSetOp(op)) return setOperation(op, { left, right, matching }, run);
  return vectorVector(node, { left, right, matching }, run);
}

function isSetOp(op: BinaryOp): op is SetOp {
  return op === "and" || op === "or" || op === "unless";
}

/** The parser lets no string be an operand. */
function operand(value: Value): ScalarValue | VectorValue {
  if (value.kind === "string") throw new TypeError("a string cannot be an operand");
  return value;
}
