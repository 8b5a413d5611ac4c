import type { QueryRun } from "../evaluator/query-run.ts";
import { collected } from "../evaluator/series-labels.ts";
import {
  ABSENT,
  copyStep,
  isEmptyColumn,
  newColumn,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import type { SetOp, VectorMatching } from "../parser/ast.ts";
import { numberSignatures } from "./match-signature.ts";

/** The operands of a set operator. */
export interface SetOperands {
  readonly left: VectorValue;
  readonly right: VectorValue;
  readonly matching: VectorMatching;
}

/** `and`, `or` and `unless`: at each step, elements are kept by whether a match exists. */
export async function setOperation(
  op: SetOp,
  operands: SetOperands,
  run: QueryRun,
): Promise<VectorValue> {
  const left = operands.left.series;
  const right = operands.right.series;
  const numbers = numberSignatures(left, right, operands.matching);
  const filtering = op === "or" ? left : right;
  const filterNumbers = op === "or" ? numbers.left : numbers.right;
  const marks = presentMarks(filtering, filterNumbers, run.steps.count);
  const filtered = op === "or" ? right : left;
  const numbersOfFiltered = op === "or" ? numbers.right : numbers.left;
  const series: SeriesColumn[] = op === "or" ? [...left] : [];
  for (let s = 0; s < filtered.length; s++) {
    const due = run.breathe();
    if (due) await due;
    const kept = keptSteps(filtered[s]!, {
      marks: marks.get(numbersOfFiltered[s]!),
      wanted: op === "and",
      run,
    });
    if (kept) series.push(kept);
  }
  return { kind: "vector", series: collected(series, run) };
}

/** Per match group: at which steps any of its series has a sample. */
function presentMarks(
  series: readonly SeriesColumn[],
  numbers: Int32Array,
  steps: number,
): Map<number, Uint8Array> {
  const marks = new Map<number, Uint8Array>();
  series.forEach((one, s) => {
    const number = numbers[s]!;
    const mark = marks.get(number) ?? new Uint8Array(steps);
    marks.set(number, mark);
    for (let i = 0; i < steps; i++) if (one.present[i] !== ABSENT) mark[i] = 1;
  });
  return marks;
}

interface Filter {
  readonly marks: Uint8Array | undefined;
  /** Keep where a match exists (true) or where none does (false). */
  readonly wanted: boolean;
  readonly run: QueryRun;
}

function keptSteps(source: SeriesColumn, { marks, wanted, run }: Filter): SeriesColumn | undefined {
  if (!marks) return wanted ? undefined : source;
  run.budget.claim(run.steps.count);
  const column = newColumn(run.steps.count);
  for (let i = 0; i < run.steps.count; i++) {
    if (source.present[i] !== ABSENT && (marks[i] === 1) === wanted) copyStep(column, source, i);
  }
  return isEmptyColumn(column) ? undefined : seriesOf(column, source);
}
