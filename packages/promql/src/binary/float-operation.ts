import type { ArithmeticOp, BinaryOp, ComparisonOp } from "../parser/ast.ts";

/** What an operator does with two floats; comparisons answer 1 or 0. */
export type FloatOperation = (left: number, right: number) => number;

const ARITHMETIC: Readonly<Record<ArithmeticOp, FloatOperation>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": power,
  atan2: Math.atan2,
};

type FloatComparison = Exclude<ComparisonOp, "</" | ">/">;

const COMPARISON: Readonly<Record<FloatComparison, FloatOperation>> = {
  "==": (left, right) => (left === right ? 1 : 0),
  "!=": (left, right) => (left !== right ? 1 : 0),
  ">": (left, right) => (left > right ? 1 : 0),
  "<": (left, right) => (left < right ? 1 : 0),
  ">=": (left, right) => (left >= right ? 1 : 0),
  "<=": (left, right) => (left <= right ? 1 : 0),
};

/** The arithmetic of an operator; undefined for comparisons, trims and set operators. */
export function arithmetic(op: BinaryOp): FloatOperation | undefined {
  return Object.hasOwn(ARITHMETIC, op) ? ARITHMETIC[op as ArithmeticOp] : undefined; // just checked
}

/** The comparison of an operator; undefined for every other operator. */
export function comparison(op: BinaryOp): FloatOperation | undefined {
  return Object.hasOwn(COMPARISON, op) ? COMPARISON[op as FloatComparison] : undefined; // just checked
}

/** IEEE 754 pow, as in Go: 1 to any power and ±1 to ±Inf are 1, where JavaScript says NaN. */
function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  return base ** exponent;
}
