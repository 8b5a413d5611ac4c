import { EMPTY_LABELS } from "@avx/model";
import { stepTimeMs } from "../evaluator/steps.ts";
import { FLOAT, newColumn, putFloat, seriesOf } from "../evaluator/value.ts";
import { vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import { mapSeries } from "./pointwise.ts";

const MS_PER_DAY = 86_400_000;

/** A part of a point in time, in UTC. */
type DatePart = (date: Date) => number;

/**
 * A function of Unix times in seconds; without argument, of the evaluation time. Times that no
 * calendar date belongs to give NaN.
 */
function dateFunction(name: string, part: DatePart): FunctionImplementation {
  const partOfSeconds = (seconds: number) => part(new Date(Math.trunc(seconds) * 1000));
  return {
    name,
    dependsOnStep: true,
    evaluate: async (call, run) => {
      if (call.args.length === 0) {
        const column = newColumn(run.steps.count);
        for (let i = 0; i < run.steps.count; i++) {
          putFloat(column, i, partOfSeconds(stepTimeMs(run.steps, i) / 1000));
        }
        if (run.steps.count === 0) return { kind: "vector", series: [] };
        const now = seriesOf(column, { labels: EMPTY_LABELS, dropName: false });
        return { kind: "vector", series: [now] };
      }
      const vector = await vectorArgument(call, 0, run);
      return mapSeries(
        vector,
        ({ values, present }, column) => {
          for (let i = 0; i < values.length; i++) {
            if (present[i] === FLOAT) putFloat(column, i, partOfSeconds(values[i]!));
          }
        },
        run,
      );
    },
  };
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / MS_PER_DAY) + 1;
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

/** Functions that take a time apart. */
export const DATE_FUNCTIONS: readonly FunctionImplementation[] = [
  dateFunction("minute", (date) => date.getUTCMinutes()),
  dateFunction("hour", (date) => date.getUTCHours()),
  dateFunction("day_of_week", (date) => date.getUTCDay()),
  dateFunction("day_of_month", (date) => date.getUTCDate()),
  dateFunction("day_of_year", dayOfYear),
  dateFunction("days_in_month", daysInMonth),
  dateFunction("month", (date) => date.getUTCMonth() + 1),
  dateFunction("year", (date) => date.getUTCFullYear()),
];
