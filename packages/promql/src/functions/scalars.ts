import { EMPTY_LABELS } from "@avx/model";
import { stepTimeMs } from "../evaluator/steps.ts";
import { FLOAT, newColumn, putFloat, type ScalarValue, seriesOf } from "../evaluator/value.ts";
import { scalarArgument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

/** Functions that make scalars, or a vector of one. */
export const SCALAR_FUNCTIONS: readonly FunctionImplementation[] = [
  {
    name: "time",
    dependsOnStep: true,
    evaluate: (_, { steps }) =>
      scalar(Float64Array.from({ length: steps.count }, (_, i) => stepTimeMs(steps, i) / 1000)),
  },
  {
    name: "pi",
    evaluate: (_, { steps }) => scalar(new Float64Array(steps.count).fill(Math.PI)),
  },
  {
    name: "scalar",
    evaluate: async (call, run) => {
      const { series } = await vectorArgument(call, 0, run);
      const values = new Float64Array(run.steps.count).fill(Number.NaN);
      const found = new Uint8Array(run.steps.count);
      for (const { present, values: floats } of series) {
        for (let i = 0; i < values.length; i++) {
          if (present[i] !== FLOAT) continue;
          values[i] = found[i] === 1 ? Number.NaN : floats[i]!;
          found[i] = 1;
        }
      }
      return scalar(values);
    },
  },
  {
    name: "vector",
    evaluate: async (call, run) => {
      const values = await scalarArgument(call, 0, run);
      const column = newColumn(run.steps.count);
      for (let i = 0; i < values.length; i++) putFloat(column, i, values[i]!);
      if (values.length === 0) return { kind: "vector", series: [] };
      const one = seriesOf(column, { labels: EMPTY_LABELS, dropName: false });
      return { kind: "vector", series: [one] };
    },
  },
  extremeOf("max_of", Math.max),
  extremeOf("min_of", Math.min),
];

function extremeOf(name: string, choose: (a: number, b: number) => number): FunctionImplementation {
  return {
    name,
    evaluate: async (call, run) => {
      const left = await scalarArgument(call, 0, run);
      const right = await scalarArgument(call, 1, run);
      return scalar(left.map((value, i) => choose(value, right[i]!)));
    },
  };
}

function scalar(values: Float64Array): ScalarValue {
  return { kind: "scalar", values };
}
