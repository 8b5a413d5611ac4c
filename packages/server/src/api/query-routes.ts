import { Readable } from "node:stream";
import { AvxError } from "@avx/model";
import {
  type Expr,
  type ParseOptions,
  parseExpr,
  type QueryEngine,
  type QueryResult,
  type RangeQuery,
} from "@avx/promql";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type AnswerCache, MAX_CACHED_ANSWER_BYTES, readsOnlyThePast } from "./answer-cache.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import {
  badData,
  durationParameterMs,
  invalid,
  limitParameter,
  requestParameters,
  timeParameterMs,
} from "./parameters.ts";
import { queryResultChunks } from "./prometheus-json.ts";

/** Prometheus' own limit: a chart is never wider, and a typo in `step` must not fill the memory. */
const MAX_POINTS_PER_SERIES = 11_000;

/** What the query routes ask. */
export interface QueryPorts {
  readonly engine: QueryEngine;
  readonly answers: AnswerCache;
  /** As the engine parses. */
  readonly parseOptions: ParseOptions;
  readonly nowMs: () => number;
}

/** GET and POST form of `/api/v1/query` and `/api/v1/query_range`. */
export function registerQueryRoutes(app: FastifyInstance, ports: QueryPorts): void {
  const method = ["GET", "POST"];
  app.route({
    method,
    url: "/api/v1/query",
    handler: async (request, reply) => {
      const parameters = requestParameters(request);
      const limit = limitParameter(parameters, "limit");
      const timeMs = timeParameterMs(parameters, "time", ports.nowMs());
      const query = { ...commonOptions(reply, parameters), timeMs };
      const result = await ports.engine.instant(query).catch(namedParameter);
      return sendResult(reply, limited(result, limit), parameters);
    },
  });
  app.route({
    method,
    url: "/api/v1/query_range",
    handler: async (request, reply) => {
      const parameters = requestParameters(request);
      const limit = limitParameter(parameters, "limit");
      const range = rangeOf(parameters);
      const query = { ...commonOptions(reply, parameters), ...range };
      const key = cacheKey(query, limit, parameters);
      const known = key && ports.answers.find(key);
      if (known) return sendJson(reply, known);
      const mark = ports.answers.mark();
      const result = await ports.engine.range(query).catch(namedParameter);
      if (key === undefined || !isKept(result, parseExpr(query.query, ports.parseOptions))) {
        return sendResult(reply, limited(result, limit), parameters);
      }
      const text = [...queryResultChunks(limited(result, limit), "")].join("");
      ports.answers.keep(key, { text, mark, untilMs: range.endMs });
      return sendJson(reply, text);
    },
  });
}

/** What an answer depends on beside the samples; undefined where it must be made anew. */
function cacheKey(
  query: Omit<RangeQuery, "signal">,
  limit: number,
  parameters: URLSearchParams,
): string | undefined {
  if (isMadeAnew(parameters)) return undefined;
  const { startMs, endMs, stepMs, lookbackMs = 0 } = query;
  return `${startMs} ${endMs} ${stepMs} ${lookbackMs} ${limit} ${query.query}`;
}

function isMadeAnew(parameters: URLSearchParams): boolean {
  return parameters.get("nocache") === "1" || Boolean(parameters.get("stats"));
}

/** A value is written in about this many characters, with its time. */
const CHARACTERS_PER_POINT = 40;

function isKept({ value }: QueryResult, expr: Expr): boolean {
  if (value.type !== "matrix" || !readsOnlyThePast(expr)) return false;
  const points = value.series.reduce((sum, { values }) => sum + values.length, 0);
  return points * CHARACTERS_PER_POINT <= MAX_CACHED_ANSWER_BYTES;
}

function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(text);
}

/** An expression that cannot be parsed is an error of the parameter that brought it. */
function namedParameter(error: unknown): never {
  if (error instanceof AvxError && error.code === "bad_query")
    throw invalid("query", error.message);
  throw error;
}

function rangeOf(parameters: URLSearchParams): { startMs: number; endMs: number; stepMs: number } {
  const startMs = timeParameterMs(parameters, "start");
  const endMs = timeParameterMs(parameters, "end");
  if (endMs < startMs) throw invalid("end", "end timestamp must not be before start time");
  const stepMs = durationParameterMs(parameters, "step");
  if (stepMs <= 0) {
    const reason =
      "zero or negative query resolution step widths are not accepted. Try a positive integer";
    throw invalid("step", reason);
  }
  if (Math.floor((endMs - startMs) / stepMs) > MAX_POINTS_PER_SERIES) {
    throw badData(
      "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
    );
  }
  return { startMs, endMs, stepMs };
}

function commonOptions(reply: FastifyReply, parameters: URLSearchParams) {
  const lookbackMs = durationParameterMs(parameters, "lookback_delta", 0);
  const timeoutMs = durationParameterMs(parameters, "timeout", 0);
  return {
    query: parameters.get("query") ?? "",
    signal: hangUpSignal(reply),
    ...(lookbackMs > 0 ? { lookbackMs } : {}),
    ...(timeoutMs > 0 ? { timeoutMs } : {}),
    ...(isMadeAnew(parameters) ? { fresh: true } : {}),
  };
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

function sendResult(
  reply: FastifyReply,
  result: QueryResult,
  parameters: URLSearchParams,
): FastifyReply {
  const wanted = parameters.get("stats") ?? "";
  const stats = wanted === "" ? "" : statsJson(result);
  const warnings = [...result.warnings, ...statsWarnings(wanted)];
  return reply
    .type("application/json; charset=utf-8")
    .send(Readable.from(queryResultChunks({ ...result, warnings }, stats)));
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
