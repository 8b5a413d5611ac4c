import type {
  InstantQuery,
  QueryEngine,
  QueryResult,
  RangeQuery,
  SampleStatistics,
} from "@avx/promql";
import { queryResultChunks } from "./prometheus-json.ts";

/** A question of the query routes: a range query is one with a step. */
export interface AnswerRequest {
  readonly query: InstantQuery | RangeQuery;
  /** Series that the answer shows at most; Infinity: all. */
  readonly limit: number;
  /** The parameter `stats`: "" for none. */
  readonly stats: string;
  /** How long the question waited before. */
  readonly queuedMs?: number;
}

/** The text of an answer frame. */
export interface QueryAnswer {
  readonly isMatrix: boolean;
  /** Points of a matrix; 0 of anything else. */
  readonly points: number;
  /** To be read once. */
  readonly pieces: Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array>;
}

/** Answers the query routes. Rejects as QueryEngine does. */
export interface QueryAnswers {
  answer(request: AnswerRequest): Promise<QueryAnswer>;
}

/** Answers that an engine of this thread evaluates. */
export function answersOf(engine: QueryEngine): QueryAnswers {
  return { answer: (request) => evaluateAnswer(engine, request) };
}

/** Evaluates a question and says how its text is made; the text itself is made when it is read. */
export async function evaluateAnswer(
  engine: QueryEngine,
  { query, ...asked }: AnswerRequest,
): Promise<QueryAnswer & { readonly pieces: Iterable<Uint8Array<ArrayBuffer>> }> {
  const countSamples = asked.stats !== "";
  const result = await ("stepMs" in query
    ? engine.range({ ...query, countSamples })
    : engine.instant({ ...query, countSamples }));
  const { value } = result;
  const series = value.type === "matrix" ? value.series : [];
  return {
    isMatrix: value.type === "matrix",
    points: series.reduce((sum, { values }) => sum + values.length, 0),
    pieces: answerText(result, asked),
  };
}

type Asked = Omit<AnswerRequest, "query">;

function answerText(result: QueryResult, asked: Asked): Iterable<Uint8Array<ArrayBuffer>> {
  const { stats, limit } = asked;
  const warnings = [...result.warnings, ...statsWarnings(stats)];
  const statistics = stats === "" ? "" : statsJson(result, asked);
  return queryResultChunks(limited({ ...result, warnings }, limit), statistics);
}

/** Cuts a vector or matrix to `limit` series and says so, as Prometheus does. */
function limited(result: QueryResult, limit: number): QueryResult {
  const { value } = result;
  const warnings = [...result.warnings, "results truncated due to limit"];
  if (value.type === "vector" && value.samples.length > limit) {
    return { ...result, warnings, value: { ...value, samples: value.samples.slice(0, limit) } };
  }
  if (value.type === "matrix" && value.series.length > limit) {
    return { ...result, warnings, value: { ...value, series: value.series.slice(0, limit) } };
  }
  return result;
}

/**
 * Prometheus' statistics: times in seconds, and samples as it counts them, by step when `stats` is
 * `all`. Vectors are sorted while they are evaluated, so that time is part of the evaluation.
 */
function statsJson(
  { stats }: QueryResult,
  { stats: wanted, queuedMs: waitedMs = 0 }: Asked,
): string {
  const { durationMs, preparationMs = 0, samples } = stats;
  const queuedMs = stats.queuedMs ?? waitedMs;
  return JSON.stringify({
    timings: {
      evalTotalTime: durationMs / 1000,
      resultSortTime: 0,
      queryPreparationTime: preparationMs / 1000,
      innerEvalTime: (durationMs - preparationMs) / 1000,
      execQueueTime: queuedMs / 1000,
      execTotalTime: (durationMs + queuedMs) / 1000,
    },
    samples: samples && samplesJson(samples, wanted === "all"),
    seriesFetched: stats.seriesRead,
  });
}

function samplesJson(samples: SampleStatistics, isByStep: boolean): object {
  const { timesMs, totalPerStep, readPerStep, peak } = samples;
  const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0);
  const steps = (column: Float64Array) =>
    Array.from(column, (count, i) => [(timesMs[i] ?? 0) / 1000, count]);
  return {
    ...(isByStep && { totalQueryableSamplesPerStep: steps(totalPerStep) }),
    totalQueryableSamples: sum(totalPerStep),
    ...(isByStep && { samplesReadPerStep: steps(readPerStep) }),
    samplesRead: sum(readPerStep),
    peakSamples: peak,
  };
}

/** Any value switches statistics on, but only two are meant to. */
function statsWarnings(wanted: string): string[] {
  if (wanted === "" || wanted === "true" || wanted === "all") return [];
  return [
    `value ${JSON.stringify(wanted)} for parameter "stats" is deprecated and will be rejected in the next major release, use "true" or "all"`,
  ];
}
