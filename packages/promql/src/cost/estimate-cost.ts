import { durationMs } from "../evaluator/duration.ts";
import {
  atTime,
  durationContext,
  planSelection,
  type Reach,
  type TimeContext,
} from "../evaluator/plan-selection.ts";
import type { Call, Expr, MatrixSelector, Subquery, VectorSelector } from "../parser/ast.ts";
import type { SeriesReader } from "../series-reader.ts";
import { forecastCost } from "./forecast-cost.ts";
import type { QueryCost } from "./query-cost.ts";
import { aggregateSeries, binarySeries, callSeries } from "./result-series.ts";
import { visitWeight } from "./visit-weights.ts";

/** A timestamp and a value. */
const BYTES_PER_SAMPLE = 16;
/** Labels, arrays and objects of one series. */
const BYTES_PER_SERIES = 512;

/** When and how a query is evaluated. */
export interface CostContext extends TimeContext {
  /** Step of subqueries that name none. */
  readonly defaultSubqueryStepMs: number;
}

/**
 * Says before evaluation what a query needs at most, from the estimates of `reader`: nothing is
 * read. Steps of subqueries count even where no series exists. Throws AvxError `bad_query` for
 * durations that make no sense, and what `reader.estimate` throws.
 */
export async function estimateCost(
  expr: Expr,
  context: CostContext,
  reader: Pick<SeriesReader, "estimate">,
): Promise<QueryCost> {
  const { startMs, endMs, stepMs } = context;
  const walk = new CostWalk(context, reader);
  const steps = stepCount({ startMs, endMs }, stepMs);
  const { peakBytes } = await walk.visit(expr, { reach: { startMs, endMs }, steps });
  const { series, samples, visits, forecastFits, readBytes } = walk;
  const bytes = readBytes + peakBytes;
  return { pointsPerSeries: steps, series, samples, visits, forecastFits, bytes };
}

/** The evaluation times that reach a node, and how many they are. */
interface Place {
  readonly reach: Reach;
  readonly steps: number;
  /** What a sample counts for in a range vector of the call above; 1 when not given. */
  readonly weight?: number;
}

/** The result of a node: how many series, how many bytes, and the most held on the way to it. */
interface NodeCost {
  readonly series: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

function stepCount({ startMs, endMs }: Reach, stepMs: number): number {
  return stepMs > 0 && endMs > startMs ? Math.floor((endMs - startMs) / stepMs) + 1 : 1;
}

/** Adds up what the selectors of a query read while it walks the expression. */
class CostWalk {
  series = 0;
  samples = 0;
  visits = 0;
  forecastFits = 0;
  readBytes = 0;
  readonly #context: CostContext;
  readonly #reader: Pick<SeriesReader, "estimate">;

  constructor(context: CostContext, reader: Pick<SeriesReader, "estimate">) {
    this.#context = context;
    this.#reader = reader;
  }

  async visit(expr: Expr, place: Place): Promise<NodeCost> {
    switch (expr.type) {
      case "number":
      case "string":
        return this.#result(1, place, []);
      case "paren":
      case "unary":
        return this.visit(expr.expr, place);
      case "vectorSelector":
        return this.#selector(expr, place);
      case "matrixSelector":
        return this.#window(expr, place);
      case "subquery":
        return this.#subquery(expr, place);
      case "aggregate": {
        const inner = await this.visit(expr.expr, place);
        const below = expr.param === undefined ? [] : [await this.visit(expr.param, place)];
        return this.#result(aggregateSeries(expr, inner.series), place, [inner, ...below]);
      }
      case "binary": {
        const left = await this.visit(expr.left, place);
        const right = await this.visit(expr.right, place);
        return this.#result(binarySeries(expr, left.series, right.series), place, [left, right]);
      }
      case "call": {
        const args: NodeCost[] = [];
        const before = this.visits;
        const within = { ...place, weight: visitWeight(expr.func) };
        for (const arg of expr.args) args.push(await this.visit(arg, within));
        this.#forecast(expr, place, { args, visits: this.visits - before });
        const most = args.reduce((series, arg) => Math.max(series, arg.series), 1);
        return this.#result(callSeries(expr, most), place, args);
      }
    }
  }

  /** The visits of a window's samples tell how many it has. */
  #forecast(
    call: Call,
    place: Place,
    { args, visits }: { readonly args: readonly NodeCost[]; readonly visits: number },
  ): void {
    const series = args[0]?.series ?? 0;
    const windowSamples = visits / Math.max(1, series * place.steps);
    const cost = forecastCost(call, { ...place, series, windowSamples });
    this.forecastFits += cost?.fits ?? 0;
    this.visits += cost?.visits ?? 0;
  }

  async #selector(selector: VectorSelector, place: Place): Promise<NodeCost> {
    const { series, samples } = await this.#read(selector, { windowMs: 0, place });
    this.visits += samples + series * place.steps;
    return this.#result(series, place, []);
  }

  async #window({ selector, window }: MatrixSelector, place: Place): Promise<NodeCost> {
    const windowMs = durationMs(window, durationContext(this.#context));
    const { series, samples, rangeMs } = await this.#read(selector, { windowMs, place });
    const windowSamples = samples * Math.min(1, windowMs / rangeMs);
    this.visits += windowSamples * place.steps * (place.weight ?? 1);
    return { series, bytes: 0, peakBytes: 0 };
  }

  async #read(selector: VectorSelector, { windowMs, place }: { windowMs: number; place: Place }) {
    const where = { windowMs, reach: place.reach };
    const { matchers, fetchRange } = planSelection(selector, where, this.#context);
    const { series, samples } = await this.#reader.estimate(matchers, fetchRange);
    this.series += series;
    this.samples += samples;
    this.readBytes += samples * BYTES_PER_SAMPLE + series * BYTES_PER_SERIES;
    const rangeMs = Math.max(1, fetchRange.endMs - fetchRange.startMs + 1);
    return { series, samples, rangeMs };
  }

  async #subquery(expr: Subquery, place: Place): Promise<NodeCost> {
    const durations = durationContext(this.#context);
    const windowMs = durationMs(expr.window, durations);
    const offsetMs = durationMs(expr.offset, durations, true);
    const writtenMs = expr.step === undefined ? 0 : durationMs(expr.step, durations);
    const stepMs = writtenMs === 0 ? this.#context.defaultSubqueryStepMs : writtenMs;
    const atMs = atTime(expr.at, this.#context);
    const reach = {
      startMs: (atMs ?? place.reach.startMs) - offsetMs - windowMs,
      endMs: (atMs ?? place.reach.endMs) - offsetMs,
    };
    const steps = stepCount(reach, stepMs);
    const inner = await this.visit(expr.expr, { reach, steps });
    const series = Math.max(1, inner.series);
    this.samples += series * steps;
    const windowSteps = Math.min(steps, windowMs / stepMs);
    this.visits += series * windowSteps * place.steps * (place.weight ?? 1);
    return inner;
  }

  /** A node that makes a value per step and series out of the results below it. */
  #result(series: number, { steps }: Place, below: readonly NodeCost[]): NodeCost {
    const bytes = series * (steps * BYTES_PER_SAMPLE + BYTES_PER_SERIES);
    let held = 0;
    let peakBytes = 0;
    for (const node of below) {
      peakBytes = Math.max(peakBytes, held + node.peakBytes);
      held += node.bytes;
    }
    return { series, bytes, peakBytes: Math.max(peakBytes, held + bytes) };
  }
}
