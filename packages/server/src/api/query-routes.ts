import { AvxError } from "@avx/model";
import { type Expr, type ParseOptions, parseExpr, type RangeQuery } from "@avx/promql";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type AnswerBody, sendBody, sendPieces, understands } from "./answer-body.ts";
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
import type { AnswerRequest, QueryAnswer, QueryAnswers } from "./query-answer.ts";

/** Prometheus' own limit: a chart is never wider, and a typo in `step` must not fill the memory. */
const MAX_POINTS_PER_SERIES = 11_000;

/** What the query routes ask. */
export interface QueryPorts {
  readonly answers: QueryAnswers;
  readonly cache: AnswerCache;
  /** As the engine parses. */
  readonly parseOptions: ParseOptions;
  readonly nowMs: () => number;
}

/** GET and POST form of `/api/v1/query` and `/api/v1/query_range`. */
export function registerQueryRoutes(app: FastifyInstance, ports: QueryPorts): void {
  const method = ["GET", "POST"];
  const answer = (request: AnswerRequest) => ports.answers.answer(request).catch(namedParameter);
  app.route({
    method,
    url: "/api/v1/query",
    handler: async (request, reply) => {
      const parameters = requestParameters(request);
      const limit = limitParameter(parameters, "limit");
      const timeMs = timeParameterMs(parameters, "time", ports.nowMs());
      const query = { ...commonOptions(reply, parameters), timeMs };
      const stats = parameters.get("stats") ?? "";
      const { pieces } = await answer({ query, limit, stats });
      return sendPieces({ request, reply, pieces });
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
      const known = key && ports.cache.find(key);
      if (known && understands(request, known)) return sendBody(reply, known);
      const mark = ports.cache.mark();
      const stats = parameters.get("stats") ?? "";
      const made = await answer({ query, limit, stats });
      const sending = { request, reply, pieces: made.pieces };
      if (key === undefined || !isKept(made, parseExpr(query.query, ports.parseOptions))) {
        return sendPieces(sending);
      }
      const keep = (body: AnswerBody) =>
        ports.cache.keep(key, { body, mark, untilMs: range.endMs });
      return sendPieces({ ...sending, keep });
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

function isKept({ isMatrix, points }: QueryAnswer, expr: Expr): boolean {
  if (!isMatrix || !readsOnlyThePast(expr)) return false;
  return points * CHARACTERS_PER_POINT <= MAX_CACHED_ANSWER_BYTES;
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
