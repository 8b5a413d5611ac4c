import { type ApiRequest, timeParameter } from "./api-client.ts";
import {
  type Check,
  list,
  nullable,
  object,
  record,
  ShapeError,
  text,
  word,
} from "./checked-json.ts";
import type { StepGrid } from "./query-step.ts";

/** One series of a range query on its grid; `null` where it has no sample or a NaN. */
export interface GridSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | null)[];
}

/** The series of a range query and the grid they lie on. */
export interface GridAnswer {
  readonly grid: StepGrid;
  readonly series: readonly GridSeries[];
}

/** One series of an instant query. */
export interface InstantSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

type Sample = readonly [timestampSeconds: number, value: number];

/** `[1700000000, "1.5"]`; the text may be NaN, +Inf or -Inf. */
export const sample: Check<Sample> = (value, path) => {
  const [time, number]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (typeof time !== "number" || typeof number !== "string")
    throw new ShapeError(`${path}: expected [time, "value"]`);
  return [time, Number(number.replace("Inf", "Infinity"))];
};

const matrix = object({
  data: object({
    resultType: word("matrix"),
    // A series of native histograms has `histograms` and no `values`; it has nothing to draw here.
    result: list(object({ metric: record(text), values: nullable(list(sample)) })),
  }),
});

const vector = object({
  data: object({
    resultType: word("vector"),
    result: list(object({ metric: record(text), value: nullable(sample) })),
  }),
});

/** A range query whose answer is laid on the grid of its steps. */
export function rangeQuery(query: string, grid: StepGrid): ApiRequest<GridAnswer> {
  return {
    path: "/api/v1/query_range",
    parameters: {
      query,
      start: timeParameter(grid.startMs),
      end: timeParameter(grid.endMs),
      step: grid.stepMs / 1000,
    },
    check: (value, path) => ({
      grid,
      series: matrix(value, path).data.result.map(({ metric, values }) => ({
        labels: metric,
        values: layOnGrid(values ?? [], grid),
      })),
    }),
  };
}

/** An instant query. Samples without a finite value are left out. */
export function instantQuery(
  query: string,
  timestampMs: number,
): ApiRequest<readonly InstantSample[]> {
  return {
    path: "/api/v1/query",
    parameters: { query, time: timeParameter(timestampMs) },
    check: (value, path) =>
      vector(value, path).data.result.flatMap(({ metric, value: found }) =>
        found && Number.isFinite(found[1]) ? [{ labels: metric, value: found[1] }] : [],
      ),
  };
}

/** Values by grid index; steps without a sample, and samples that are not finite, are `null`. */
export function layOnGrid(samples: readonly Sample[], grid: StepGrid): (number | null)[] {
  const count = gridLength(grid);
  const values = new Array<number | null>(count).fill(null);
  for (const [timestampSeconds, value] of samples) {
    const index = Math.round((timestampSeconds * 1000 - grid.startMs) / grid.stepMs);
    if (index >= 0 && index < count && Number.isFinite(value)) values[index] = value;
  }
  return values;
}

/** The number of points of a grid, both ends included. */
export function gridLength(grid: StepGrid): number {
  return Math.floor((grid.endMs - grid.startMs) / grid.stepMs) + 1;
}

/** The moments of a grid, Unix ms. */
export function gridTimestamps(grid: StepGrid): number[] {
  return Array.from({ length: gridLength(grid) }, (_, i) => grid.startMs + i * grid.stepMs);
}

/** `value` as a PromQL string literal. PromQL reads the escapes of Go, of which JSON's are a part. */
export function promqlString(value: string): string {
  return JSON.stringify(value);
}
