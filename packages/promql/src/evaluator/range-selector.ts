import type { PlanNode, WindowNode } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { columnsOfStored } from "./range-columns.ts";
import { subqueryVector } from "./subquery.ts";
import { type WindowedVector, type WindowShape, windowLayer } from "./windows.ts";

/**
 * A range vector argument (selector or subquery) with its windows at every step. Start timestamps
 * are carried along where asked for.
 */
export async function windowedVector(
  node: PlanNode,
  run: QueryRun,
  withStarts = false,
): Promise<WindowedVector> {
  if (node.kind === "subquery") return counted(await subqueryVector(node, run), run, false);
  if (node.kind !== "window") throw new TypeError(`not a range vector: ${node.kind}`);
  const shape = shapeOf(node, run);
  const { series } = node.selection;
  const windows = windowLayer(shape);
  const vector: WindowedVector = {
    shape,
    labels: series.map(({ labels }) => labels),
    at: (s) => windows(columnsOfStored(series[s]!, withStarts)),
  };
  return counted(vector, run, true);
}

/** Each series is asked for once, which is when its windows are counted. */
function counted(vector: WindowedVector, { counts }: QueryRun, isStored: boolean): WindowedVector {
  if (counts === undefined) return vector;
  return {
    ...vector,
    at(s) {
      const windowed = vector.at(s);
      counts.addWindows(windowed, vector.shape, isStored);
      return windowed;
    },
  };
}

function shapeOf({ selection, windowMs }: WindowNode, run: QueryRun): WindowShape {
  const { extension, offsetMs, atMs } = selection;
  const { lookbackMs } = run.options;
  return {
    steps: run.steps,
    windowMs,
    offsetMs,
    ...(atMs === undefined ? {} : { atMs }),
    widenedBeforeMs: extension === "none" ? 0 : lookbackMs,
    widenedAfterMs: extension === "smoothed" ? lookbackMs : 0,
  };
}
