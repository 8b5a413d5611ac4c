import { ABSENT, FLOAT, newColumn, type SeriesColumn } from "../evaluator/value.ts";
import { createRunningMean } from "./average.ts";
import type { Column } from "./float-aggregates.ts";

/** Means of the floats at every step, compensated, safe against an overflowing sum. */
export function averageFloats(members: readonly SeriesColumn[], steps: number): Column {
  const column = newColumn(steps);
  const { values: sums, present: seen } = column;
  const compensations = new Float64Array(steps);
  const counts = new Float64Array(steps);
  for (const { values, present } of members) {
    for (let i = 0; i < steps; i++) {
      if (present[i] !== FLOAT) continue;
      const value = values[i]!;
      counts[i] = counts[i]! + 1;
      if (seen[i] === ABSENT) {
        sums[i] = value;
        seen[i] = FLOAT;
        continue;
      }
      const sum = sums[i]!;
      const total = sum + value;
      if (Math.abs(sum) >= Math.abs(value)) {
        compensations[i] = compensations[i]! + (sum - total + value);
      } else compensations[i] = compensations[i]! + (value - total + sum);
      sums[i] = total;
    }
  }
  for (let i = 0; i < steps; i++) {
    if (seen[i] === ABSENT) continue;
    // Infinity or the NaN that follows it: rare, so such a step is done again the careful way.
    const mean = sums[i]! / counts[i]! + compensations[i]! / counts[i]!;
    sums[i] = Number.isFinite(mean) ? mean : carefulMean(members, i);
  }
  return column;
}

function carefulMean(members: readonly SeriesColumn[], i: number): number {
  const mean = createRunningMean();
  for (const { values, present } of members) if (present[i] === FLOAT) mean.add(values[i]!);
  return mean.result();
}
