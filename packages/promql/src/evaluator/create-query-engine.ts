import { AvxError, type LabelledSeries, type Matcher, type TimeRange } from "@avx/model";
import { estimateCost } from "../cost/estimate-cost.ts";
import { assertAffordable } from "../cost/query-cost.ts";
import { DEFAULT_QUERY_LIMITS, type QueryLimits } from "../cost/query-limits.ts";
import type { FunctionImplementation } from "../functions/function-implementation.ts";
import { FUNCTION_TABLE } from "../functions/function-table.ts";
import { FUNCTION_SIGNATURES, type FunctionSignature } from "../functions/signatures.ts";
import { parseExpr } from "../parser/parse.ts";
import { ALL_EXPERIMENTAL, type ParseOptions } from "../parser/parse-options.ts";
import type {
  InstantQuery,
  QueryEngine,
  QueryEstimator,
  QueryResult,
  RangeQuery,
  SampleStatistics,
} from "../query-engine.ts";
import type { SeriesReader } from "../series-reader.ts";
import { annotationTexts } from "./annotation-text.ts";
import { createAnnotationLog } from "./annotations.ts";
import { buildPlan, type PlanContext, type PlannedFunction } from "./build-plan.ts";
import { evaluateNode } from "./evaluate-node.ts";
import { withStatisticsOnly } from "./histogram-statistics.ts";
import { createPacing, type Pacing, type PacingPorts } from "./pacing.ts";
import type { QueryPlan } from "./plan.ts";
import type { QueryRun } from "./query-run.ts";
import { instantValue, rangeValue } from "./query-value.ts";
import { createSampleBudget, type SampleBudget } from "./sample-budget.ts";
import { SampleCounts } from "./sample-counts.ts";
import { stepTimesMs } from "./step-samples.ts";
import { type Steps, stepsBetween } from "./steps.ts";

/** Prometheus' default: how old a sample may be to stand for the present. */
const DEFAULT_LOOKBACK_MS = 5 * 60_000;
/** Prometheus' default evaluation interval, which subqueries without a step use. */
const DEFAULT_SUBQUERY_STEP_MS = 60_000;
/** 160 MB of floats: more than any dashboard asks, little enough to be held by several queries. */
const DEFAULT_MAX_SAMPLES = 20_000_000;

/** As Prometheus' query API: enough to see what is wrong, not one for each of 10,000 metrics. */
const DEFAULT_MAX_ANNOTATIONS = 10;

/** A function beyond those of Prometheus. */
export interface ExtraFunction {
  readonly signature: FunctionSignature;
  readonly implementation: FunctionImplementation;
}

/** The reader to ask, the switches of the language and the limits. */
export interface QueryEngineOptions extends PacingPorts {
  readonly reader: SeriesReader;
  readonly extraFunctions?: readonly ExtraFunction[];
  /** Experimental functions and syntax of Prometheus. Off by default, as there. */
  readonly experimentalFunctions?: boolean;
  /** Names are dropped at the end of a query (`promql-delayed-name-removal`). Off by default. */
  readonly enableDelayedNameRemoval?: boolean;
  /** `rate` and the like look at start timestamps (`use-start-timestamps`). On by default. */
  readonly useStartTimestamps?: boolean;
  readonly lookbackMs?: number;
  readonly defaultSubqueryStepMs?: number;
  /** Warnings, and infos, that a result shows; it says how many more there were. */
  readonly maxAnnotations?: number;
  /** Samples one query may hold at a time. */
  readonly maxSamples?: number;
  /** What a query may need by estimate; more is refused before anything is read. */
  readonly limits?: QueryLimits;
}

/** The PromQL engine over a reader of series: exactly the results of Prometheus 3.14. */
export function createQueryEngine(options: QueryEngineOptions): QueryEngine & QueryEstimator {
  const functions = functionsOf(options.extraFunctions ?? []);
  const parseOptions = parseOptionsOf(options);

  async function execute(query: PlannedQuery): Promise<QueryResult> {
    const pacing = createPacing(options, query);
    const expr = parseExpr(query.query, parseOptions);
    const plan = buildPlan(expr, { ...query.context, functions });
    const remarks = new Set<string>();
    const cost = await estimateCost(expr, query.context, noting(options.reader, remarks));
    assertAffordable(cost, options.limits ?? DEFAULT_QUERY_LIMITS);
    const log = createAnnotationLog();
    const budget = createSampleBudget(options.maxSamples ?? DEFAULT_MAX_SAMPLES);
    const { lookbackMs } = query.context;
    const stats = { seriesRead: 0, samplesRead: 0 };
    const counts = query.countSamples ? new SampleCounts(query.steps.count) : undefined;
    const run: QueryRun = {
      ...{ steps: query.steps, counts },
      options: {
        lookbackMs,
        delayedNameRemoval: options.enableDelayedNameRemoval ?? false,
        useStartTimestamps: options.useStartTimestamps ?? true,
      },
      budget,
      breathe: pacing.breathe,
      annotate: log.add,
      evaluate: evaluateNode,
      async select(matchers, range) {
        const series = await read(options.reader, { matchers, range }, pacing);
        const samples = series.reduce((sum, { values }) => sum + values.length, 0);
        budget.claim(samples);
        stats.seriesRead += series.length;
        stats.samplesRead += samples;
        return series;
      },
    };
    await fetchSelections(plan, run);
    const preparationMs = pacing.elapsedMs();
    const value = await (query.isRange ? rangeValue : instantValue)(plan.root, run);
    const maxOfEach = options.maxAnnotations ?? DEFAULT_MAX_ANNOTATIONS;
    const texts = annotationTexts(log.all(), { query: query.query, maxOfEach });
    const remarkedSteps = log.ofSteps();
    const samples = counts && { samples: statisticsOf(counts, query.steps, budget) };
    const times = { preparationMs, durationMs: pacing.elapsedMs() };
    return {
      ...{ value, ...withRemarks(texts, remarks), stats: { ...stats, ...times, ...samples } },
      ...(remarkedSteps ? { remarkedSteps } : {}),
    };
  }

  return {
    instant: async (query) => execute(plannedInstant(query, options)),
    range: async (query) => execute(plannedRange(query, options)),
    async cost(asked) {
      const planned =
        "stepMs" in asked ? plannedRange(asked, options) : plannedInstant(asked, options);
      const { query, context } = planned;
      return estimateCost(parseExpr(query, parseOptions), context, options.reader);
    },
  };
}

type Texts = Pick<QueryResult, "warnings" | "infos">;

function withRemarks({ warnings, infos }: Texts, remarks: ReadonlySet<string>): Texts {
  return { warnings, infos: [...infos, ...remarks] };
}

/** The reader's estimates; what it remarks on them is collected. */
function noting(reader: SeriesReader, remarks: Set<string>): Pick<SeriesReader, "estimate"> {
  return {
    async estimate(matchers, range) {
      const estimate = await reader.estimate(matchers, range);
      if (estimate.remark !== undefined) remarks.add(`PromQL info: ${estimate.remark}`);
      return estimate;
    },
  };
}

function statisticsOf(
  { total, read }: SampleCounts,
  steps: Steps,
  { peak }: SampleBudget,
): SampleStatistics {
  return { timesMs: stepTimesMs(steps), totalPerStep: total, readPerStep: read, peak };
}

interface PlannedQuery {
  readonly countSamples?: boolean;
  readonly query: string;
  readonly steps: Steps;
  readonly context: Omit<PlanContext, "functions">;
  readonly isRange: boolean;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

function plannedInstant(query: InstantQuery, options: QueryEngineOptions): PlannedQuery {
  const { timeMs } = query;
  return {
    ...common(query, options, { startMs: timeMs, endMs: timeMs, stepMs: 0 }),
    steps: { startMs: timeMs, stepMs: 1, count: 1 },
    isRange: false,
  };
}

function plannedRange(query: RangeQuery, options: QueryEngineOptions): PlannedQuery {
  const { startMs, endMs, stepMs } = query;
  if (!(stepMs > 0)) {
    throw new AvxError("bad_query", {
      reason:
        "zero or negative query resolution step widths are not accepted. Try a positive integer",
    });
  }
  return {
    ...common(query, options, { startMs, endMs, stepMs }),
    steps: stepsBetween(startMs, endMs, stepMs),
    isRange: true,
  };
}

function common(
  query: InstantQuery | RangeQuery,
  options: QueryEngineOptions,
  times: { readonly startMs: number; readonly endMs: number; readonly stepMs: number },
) {
  const lookbackMs = query.lookbackMs ?? options.lookbackMs ?? DEFAULT_LOOKBACK_MS;
  const defaultSubqueryStepMs = options.defaultSubqueryStepMs ?? DEFAULT_SUBQUERY_STEP_MS;
  return {
    query: query.query,
    context: { ...times, lookbackMs, defaultSubqueryStepMs },
    ...(query.signal ? { signal: query.signal } : {}),
    ...(query.countSamples ? { countSamples: true } : {}),
    ...(query.timeoutMs === undefined ? {} : { timeoutMs: query.timeoutMs }),
  };
}

function functionsOf(extra: readonly ExtraFunction[]): ReadonlyMap<string, PlannedFunction> {
  const functions = new Map<string, PlannedFunction>();
  for (const implementation of FUNCTION_TABLE) {
    const signature = FUNCTION_SIGNATURES.get(implementation.name);
    if (!signature) throw new TypeError(`no signature for ${implementation.name}()`);
    functions.set(implementation.name, { implementation, returnType: signature.returnType });
  }
  for (const { signature, implementation } of extra) {
    functions.set(signature.name, { implementation, returnType: signature.returnType });
  }
  return functions;
}

function parseOptionsOf({
  extraFunctions,
  experimentalFunctions,
}: QueryEngineOptions): ParseOptions {
  const extra = new Map((extraFunctions ?? []).map(({ signature }) => [signature.name, signature]));
  return { ...(experimentalFunctions ? ALL_EXPERIMENTAL : {}), extraFunctions: extra };
}

/** Fetches all selections at once; evaluation then waits for nothing but its own pauses. */
async function fetchSelections(plan: QueryPlan, run: QueryRun): Promise<void> {
  await Promise.all(
    plan.selections.map(async (selection) => {
      const series = await run.select(selection.matchers, selection.fetchRange);
      selection.series = selection.statisticsOnly ? series.map(withStatisticsOnly) : series;
    }),
  );
}

interface Selecting {
  readonly matchers: readonly Matcher[];
  readonly range: TimeRange;
}

async function read(
  reader: SeriesReader,
  { matchers, range }: Selecting,
  pacing: Pacing,
): Promise<readonly LabelledSeries[]> {
  try {
    return await reader.select(matchers, range, pacing.signal);
  } catch (cause) {
    pacing.assertMayRun();
    if (cause instanceof AvxError) throw cause;
    throw new AvxError("query_failed", { reason: `expanding series: ${String(cause)}` }, { cause });
  }
}
