import type { InstantQuery, QueryEngine, QueryResult, RangeQuery } from "@avx/promql";
import { queryResultChunks } from "./prometheus-json.ts";

/** A question of the query routes: a range query is one with a step. */
export interface AnswerRequest {
  readonly query: InstantQuery | RangeQuery;
  /** Series that the answer shows at most; Infinity: all. */
  readonly limit: number;
  /** The parameter `stats`: "" for none. */
  readonly stats: string;
}

/** The text of an answer frame. */
export interface QueryAnswer {
  readonly isMatrix: boolean;
  /** Points of a matrix; 0 of anything else. */
  readonly points: number;
  /** To be read once. */
  readonly pieces: Iterable<string> | AsyncIterable<Uint8Array>;
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
  { query, limit, stats }: AnswerRequest,
): Promise<QueryAnswer & { readonly pieces: Iterable<string> }> {
  const result = await ("stepMs" in query ? engine.range(query) : engine.instant(query));
  const { value } = result;
  const series = value.type === "matrix" ? value.series : [];
  return {
    isMatrix: value.type === "matrix",
    points: series.reduce((sum, { values }) => sum + values.length, 0),
    pieces: answerText(limited(result, limit), stats),
  };
}

function answerText(result: QueryResult, wanted: string): Iterable<string> {
  const warnings = [...result.warnings, ...statsWarnings(wanted)];
  return queryResultChunks({ ...result, warnings }, wanted === "" ? "" : statsJson(result));
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

/** What is measured of Prometheus' statistics, and the number of series that were read. */
function statsJson({ stats }: QueryResult): string {
  return JSON.stringify({
    timings: { evalTotalTime: stats.durationMs / 1000, execTotalTime: stats.durationMs / 1000 },
    samples: { samplesRead: stats.samplesRead },
    seriesFetched: stats.seriesRead,
  });
}

/** Any value switches statistics on, but only two are meant to. */
function statsWarnings(wanted: string): string[] {
  if (wanted === "" || wanted === "true" || wanted === "all") return [];
  return [
    `value ${JSON.stringify(wanted)} for parameter "stats" is deprecated and will be rejected in the next major release, use "true" or "all"`,
  ];
}
