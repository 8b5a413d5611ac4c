import type { NativeHistogram } from "@avx/model";
import type { Annotation } from "../evaluator/annotations.ts";
import { remarks } from "../evaluator/remarks.ts";
import {
  addHistogram,
  divideHistogram,
  scaleHistogram,
} from "../histogram/histogram-arithmetic.ts";
import { equalHistograms } from "../histogram/histogram-equality.ts";
import { trimHistogram } from "../histogram/trim-histogram.ts";
import { compacted, workingCopy, workingView } from "../histogram/working-histogram.ts";
import type { BinaryOp, PositionRange } from "../parser/ast.ts";

/** One side of an operation: a float or a histogram. */
export type Operand = number | NativeHistogram;

/** What an operation with histograms gives. */
export interface HistogramOutcome {
  /** Absent: no result at this step. */
  readonly histogram?: NativeHistogram;
  /** Whether a comparison holds; true for arithmetic. */
  readonly holds: boolean;
  /** The operation has no result because the operands do not fit. */
  readonly failed: boolean;
  readonly remark?: Annotation;
}

/** Where and what the operation is, for remarks. */
export interface OperationPlace {
  readonly op: BinaryOp;
  readonly range: PositionRange;
}

/** Applies an operator to operands of which at least one is a histogram, or to a trim of floats. */
export function operateOnHistograms(
  left: Operand,
  right: Operand,
  place: OperationPlace,
): HistogramOutcome {
  const { op } = place;
  if (typeof left === "number") {
    if (typeof right === "number" || op !== "*") return incompatibleTypes(left, right, place);
    return scaled(right, left);
  }
  if (typeof right === "number") return withScalar({ left, right }, place);
  switch (op) {
    case "+":
    case "-":
      return added(left, right, place);
    case "==":
      return { histogram: left, holds: equalHistograms(left, right), failed: false };
    case "!=":
      return { histogram: left, holds: !equalHistograms(left, right), failed: false };
    default:
      return incompatibleTypes(left, right, place);
  }
}

function withScalar(
  { left, right }: { readonly left: NativeHistogram; readonly right: number },
  place: OperationPlace,
): HistogramOutcome {
  switch (place.op) {
    case "*":
      return scaled(left, right);
    case "/":
      return result(compacted(divideHistogram(workingCopy(left), right)));
    case "</":
      return result(trimHistogram(left, right, "upper"));
    case ">/":
      return result(trimHistogram(left, right, "lower"));
    default:
      return incompatibleTypes(left, right, place);
  }
}

function result(histogram: NativeHistogram): HistogramOutcome {
  return { histogram, holds: true, failed: false };
}

function scaled(histogram: NativeHistogram, factor: number): HistogramOutcome {
  return result(compacted(scaleHistogram(workingCopy(histogram), factor)));
}

function added(
  left: NativeHistogram,
  right: NativeHistogram,
  { op, range }: OperationPlace,
): HistogramOutcome {
  const subtract = op === "-";
  const sum = workingCopy(left);
  const combination = addHistogram(sum, workingView(right), subtract ? -1 : 1);
  if (combination.kind === "incompatible") return failure(remarks.incompatibleLayout(op, range));
  const operation = subtract ? "subtraction" : "addition";
  // As in Prometheus, contradicting hints leave no result, only the warning.
  if (combination.resetCollision) return failure(remarks.resetCollision(operation, range));
  if (subtract) sum.counterResetHint = "gauge";
  const outcome = result(compacted(sum));
  if (!combination.boundsReconciled) return outcome;
  return { ...outcome, remark: remarks.boundsReconciled(operation, range) };
}

function incompatibleTypes(left: Operand, right: Operand, place: OperationPlace): HistogramOutcome {
  const operation = { left: typeName(left), op: place.op, right: typeName(right) };
  return failure(remarks.incompatibleTypes(operation, place.range));
}

function failure(remark: Annotation): HistogramOutcome {
  return { holds: false, failed: true, remark };
}

function typeName(operand: Operand): string {
  return typeof operand === "number" ? "float" : "histogram";
}
