import { ABSENT, FLOAT, newColumn, putFloat, type SeriesColumn } from "../evaluator/value.ts";
import { quantileOf } from "./quantile.ts";

/** A column under construction. */
export type Column = ReturnType<typeof newColumn>;

/** Aggregates the floats of a group's members at every step; histograms are passed over. */
export type FloatAggregate = (members: readonly SeriesColumn[], steps: number) => Column;

/** Sums with compensation, in the order of the members. */
export function sumFloats(members: readonly SeriesColumn[], steps: number): Column {
  const column = newColumn(steps);
  const { values: sums, present: seen } = column;
  const compensations = new Float64Array(steps);
  for (const { values, present } of members) {
    for (let i = 0; i < steps; i++) {
      if (present[i] !== FLOAT) continue;
      const value = values[i]!;
      if (seen[i] === ABSENT) {
        sums[i] = value;
        seen[i] = FLOAT;
        continue;
      }
      const sum = sums[i]!;
      const total = sum + value;
      if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) {
        compensations[i] = 0;
      } else if (Math.abs(sum) >= Math.abs(value)) {
        compensations[i] = compensations[i]! + (sum - total + value);
      } else compensations[i] = compensations[i]! + (value - total + sum);
      sums[i] = total;
    }
  }
  for (let i = 0; i < steps; i++) sums[i] = sums[i]! + compensations[i]!;
  return column;
}

/** The smallest value; NaN only when all are NaN. */
export const minFloats: FloatAggregate = (members, steps) =>
  extreme(members, steps, (best, value) => best > value);

/** The largest value; NaN only when all are NaN. */
export const maxFloats: FloatAggregate = (members, steps) =>
  extreme(members, steps, (best, value) => best < value);

function extreme(
  members: readonly SeriesColumn[],
  steps: number,
  improves: (best: number, value: number) => boolean,
): Column {
  const column = newColumn(steps);
  const { values: best, present: seen } = column;
  for (const { values, present } of members) {
    for (let i = 0; i < steps; i++) {
      if (present[i] !== FLOAT) continue;
      const value = values[i]!;
      const known = best[i]!;
      if (seen[i] === ABSENT || improves(known, value) || Number.isNaN(known)) {
        best[i] = value;
        seen[i] = FLOAT;
      }
    }
  }
  return column;
}

/** How many samples there are, floats and histograms alike. */
export function countSamples(members: readonly SeriesColumn[], steps: number): Column {
  const column = newColumn(steps);
  for (const { present } of members) {
    for (let i = 0; i < steps; i++) {
      if (present[i] !== ABSENT) putFloat(column, i, column.values[i]! + 1);
    }
  }
  return column;
}

/** 1 wherever any sample is. */
export function groupSamples(members: readonly SeriesColumn[], steps: number): Column {
  const column = countSamples(members, steps);
  for (let i = 0; i < steps; i++) if (column.present[i] !== ABSENT) column.values[i] = 1;
  return column;
}

/** Population variance by Welford's method; NaN when the first value is not finite. */
export function varianceOfFloats(members: readonly SeriesColumn[], steps: number): Column {
  const column = newColumn(steps);
  const { values: squares, present: seen } = column;
  const means = new Float64Array(steps);
  const counts = new Float64Array(steps);
  for (const { values, present } of members) {
    for (let i = 0; i < steps; i++) {
      if (present[i] !== FLOAT) continue;
      const value = values[i]!;
      if (seen[i] === ABSENT) {
        seen[i] = FLOAT;
        means[i] = value;
        counts[i] = 1;
        squares[i] = Number.isFinite(value) ? 0 : Number.NaN;
        continue;
      }
      const count = counts[i]! + 1;
      const delta = value - means[i]!;
      const mean = means[i]! + delta / count;
      squares[i] = squares[i]! + delta * (value - mean);
      means[i] = mean;
      counts[i] = count;
    }
  }
  for (let i = 0; i < steps; i++) if (seen[i] !== ABSENT) squares[i] = squares[i]! / counts[i]!;
  return column;
}

/** Square root of the population variance. */
export function deviationOfFloats(members: readonly SeriesColumn[], steps: number): Column {
  const column = varianceOfFloats(members, steps);
  for (let i = 0; i < steps; i++) column.values[i] = Math.sqrt(column.values[i]!);
  return column;
}

/** The quantile of the floats at one step, where there are any. */
export function quantileAt(
  members: readonly SeriesColumn[],
  { i, q, column }: { readonly i: number; readonly q: number; readonly column: Column },
): void {
  const gathered = new Float64Array(members.length);
  let size = 0;
  for (const { values, present } of members) {
    if (present[i] === FLOAT) gathered[size++] = values[i]!;
  }
  if (size > 0) putFloat(column, i, quantileOf(q, gathered.subarray(0, size)));
}
