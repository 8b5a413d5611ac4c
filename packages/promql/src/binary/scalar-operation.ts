import type { BinaryNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { collected, derivedIdentity } from "../evaluator/series-labels.ts";
import {
  ABSENT,
  type ColumnWriter,
  HISTOGRAM,
  isEmptyColumn,
  newColumn,
  putFloat,
  putHistogram,
  type ScalarValue,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { arithmetic, comparison, type FloatOperation } from "./float-operation.ts";
import { operateOnHistograms } from "./histogram-operation.ts";

/** An operator between two scalars, step by step. */
export function scalarScalar(node: BinaryNode, left: ScalarValue, right: ScalarValue): ScalarValue {
  const operation = arithmetic(node.op) ?? comparison(node.op);
  if (!operation) throw new TypeError(`no scalar operator ${node.op}`);
  return { kind: "scalar", values: left.values.map((l, i) => operation(l, right.values[i]!)) };
}

/** A vector and a scalar; `swapped` when the scalar stands on the left. */
export interface VectorAndScalar {
  readonly vector: VectorValue;
  readonly scalar: ScalarValue;
  readonly swapped: boolean;
}

/** An operator between the elements of a vector and a scalar. */
export async function vectorScalar(
  node: BinaryNode,
  operands: VectorAndScalar,
  run: QueryRun,
): Promise<VectorValue> {
  const derived = arithmetic(node.op) !== undefined || node.returnBool;
  const series: SeriesColumn[] = [];
  for (const source of operands.vector.series) {
    const due = run.breathe();
    if (due) await due;
    run.budget.claim(run.steps.count);
    const column = newColumn(run.steps.count);
    operate({ source, column, operands }, node, run);
    if (isEmptyColumn(column)) continue;
    series.push(seriesOf(column, derived ? derivedIdentity(source.labels, run) : source));
  }
  return { kind: "vector", series: collected(series, run) };
}

interface ColumnOperation {
  readonly source: SeriesColumn;
  readonly column: ColumnWriter;
  readonly operands: VectorAndScalar;
}

function operate(operation: ColumnOperation, node: BinaryNode, run: QueryRun): void {
  const { source } = operation;
  const calculate = arithmetic(node.op);
  const compare = comparison(node.op);
  if (source.histograms || !(calculate || compare)) operateMixed(operation, node, run);
  else if (calculate) calculateFloats(operation, calculate);
  else if (compare) compareFloats(operation, compare, node.returnBool);
}

function calculateFloats(
  { source, column, operands }: ColumnOperation,
  calculate: FloatOperation,
): void {
  const { values, present } = source;
  const scalars = operands.scalar.values;
  for (let i = 0; i < values.length; i++) {
    if (present[i] === ABSENT) continue;
    const value = values[i]!;
    const scalar = scalars[i]!;
    putFloat(column, i, operands.swapped ? calculate(scalar, value) : calculate(value, scalar));
  }
}

function compareFloats(
  { source, column, operands }: ColumnOperation,
  compare: FloatOperation,
  returnBool: boolean,
): void {
  const { values, present } = source;
  const scalars = operands.scalar.values;
  for (let i = 0; i < values.length; i++) {
    if (present[i] === ABSENT) continue;
    const value = values[i]!;
    const scalar = scalars[i]!;
    const holds = operands.swapped ? compare(scalar, value) : compare(value, scalar);
    if (returnBool) putFloat(column, i, holds);
    else if (holds === 1) putFloat(column, i, value);
  }
}

/** The general case, for vectors with histograms. */
function operateMixed(
  { source, column, operands }: ColumnOperation,
  node: BinaryNode,
  run: QueryRun,
): void {
  const calculate = arithmetic(node.op);
  const compare = comparison(node.op);
  for (let i = 0; i < run.steps.count; i++) {
    const mark = source.present[i];
    if (mark === ABSENT) continue;
    const scalar = operands.scalar.values[i]!;
    const element = mark === HISTOGRAM ? source.histograms![i]! : source.values[i]!; // marked
    const [left, right] = operands.swapped ? [scalar, element] : [element, scalar];
    if (typeof left === "number" && typeof right === "number") {
      if (calculate) putFloat(column, i, calculate(left, right));
      else if (compare) {
        const holds = compare(left, right);
        if (node.returnBool) putFloat(column, i, holds);
        else if (holds === 1) putFloat(column, i, source.values[i]!);
      } else annotateFailure(operateOnHistograms(left, right, node), run);
      continue;
    }
    const outcome = operateOnHistograms(left, right, node);
    annotateFailure(outcome, run);
    if (outcome.failed) continue;
    if (node.returnBool) putFloat(column, i, outcome.holds ? 1 : 0);
    else if (outcome.holds && outcome.histogram) putHistogram(column, i, outcome.histogram);
  }
}

function annotateFailure(outcome: ReturnType<typeof operateOnHistograms>, run: QueryRun): void {
  if (outcome.failed && outcome.remark) run.annotate(outcome.remark);
}
