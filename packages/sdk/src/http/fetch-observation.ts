import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import { SAMPLING_STEPS } from "../overhead/own-cost.ts";
import { NO_SPAN } from "../tracing/propagated-span.ts";
import { withSpan } from "../tracing/trace-scope.ts";
import { isSampled } from "../tracing/traceparent.ts";
import { watchedBody } from "./fetch-body.ts";
import type { FetchCaller } from "./fetch-caller.ts";
import { redactedQuery } from "./redacted-query.ts";
import { httpSpanName, requestMethod } from "./request-method.ts";
import type { ObservationPorts } from "./server-observation.ts";
import { outcomeErrorType, type ServerOutcome } from "./server-series.ts";

/** Content types of answers that go on after the handler has returned them. */
const STREAM = /^(text\/event-stream|application\/(x-ndjson|jsonl|stream\+json|json-seq))\b/i;

/** Smaller ones are upgrades and network errors, which no Response can be made with. */
const MIN_STATUS = 200;

/** The standard names no protocol version in a `Request`. */
const UNKNOWN_PROTOCOL = "";

/**
 * A Web `Request` from its arrival to the end of its answer: as `ServerObservation`, for servers that
 * have no node:http underneath. An answer ends when the handler gives it, one whose content type is
 * a stream's when its body has been read or given up.
 */
export class FetchObservation {
  readonly context: Context;
  readonly span: Span;
  /** The template, once somebody names it. */
  route: string | undefined = undefined;
  /** Asked at the end when `route` is not set. */
  findRoute: (() => string | undefined) | undefined = undefined;
  readonly #ports: ObservationPorts;
  readonly #startMs = performance.now();
  readonly #method: string;
  readonly #scheme: "http" | "https";
  readonly #stopWaiting: () => void;
  /** Of the answer, once there is one. */
  #status: number | undefined = undefined;
  #isEnded = false;

  constructor(request: Request, caller: FetchCaller, ports: ObservationPorts) {
    this.#ports = ports;
    this.#method = requestMethod(request.method);
    this.#scheme = request.url.startsWith("https:") ? "https" : "http";
    ports.series.active(this.#method, this.#scheme).add(1);
    const header = (name: string): string | undefined => request.headers.get(name) ?? undefined;
    const parent = ports.propagation.readSpan(header);
    const outer = ports.propagation.withBaggage(ROOT_CONTEXT, header);
    const isTraced = ports.isTracing || parent !== undefined;
    const options = { kind: SpanKind.SERVER, startTime: this.#startMs };
    this.span = isTraced ? ports.tracer.startChild(this.#method, options, parent) : NO_SPAN;
    if (this.span.isRecording() && ports.cost.level <= SAMPLING_STEPS) {
      this.span.setAttributes(startAttributes(request, this.#method, this.#scheme));
      const address = caller.address();
      if (address !== undefined) this.span.setAttribute("client.address", address);
    }
    this.context = isTraced ? withSpan(outer, this.span) : outer;
    this.#stopWaiting = caller.whenGone(() =>
      this.#end({ status: this.#status, isAborted: true }, undefined),
    );
  }

  /** Remembers an error that the framework caught, for the span. */
  recordError(error: unknown): void {
    if (this.span.isRecording() && error instanceof Error) this.span.recordException(error);
  }

  /** Takes the handler's answer; gives the one to be sent, as it was but for a watched body. */
  answered(response: Response, waitsForBody: boolean): Response {
    if (this.#isEnded) return response;
    const { status, headers } = response;
    this.#status = status;
    const isStream = waitsForBody || STREAM.test(headers.get("content-type") ?? "");
    if (!isStream || response.body === null) {
      const declared = headers.get("content-length");
      this.#end({ status, isAborted: false }, declared === null ? undefined : Number(declared));
      return response;
    }
    return watchedBody(response, (bytes, how) => {
      if (how === "failed") this.recordError(new Error("the body of the answer failed"));
      this.#end({ status, isAborted: how !== "complete" }, bytes);
    });
  }

  /** Takes an end without an answer: an upgraded connection, or an error that was thrown on. */
  ended(error?: unknown): void {
    this.recordError(error);
    const status = error === undefined ? undefined : 500;
    this.#end({ status, isAborted: false }, undefined);
  }

  #end(how: Pick<ServerOutcome, "status" | "isAborted">, bytes: number | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#stopWaiting();
    const { series, listeners } = this.#ports;
    const endMs = performance.now();
    const durationMs = endMs - this.#startMs;
    const outcome: ServerOutcome = {
      ...how,
      method: this.#method,
      scheme: this.#scheme,
      route: this.route ?? this.findRoute?.(),
      protocolVersion: UNKNOWN_PROTOCOL,
    };
    const context = this.span.spanContext();
    const ofOutcome = series.of(outcome);
    ofOutcome.duration.record(durationMs / 1000, isSampled(context) ? context : undefined);
    if (bytes !== undefined) ofOutcome.bodySize.record(bytes);
    series.active(this.#method, this.#scheme).add(-1);
    if (this.span.isRecording()) this.#endSpan(outcome, endMs);
    const finished = { ...outcome, timestampMs: Date.now(), durationMs, responseBytes: bytes ?? 0 };
    for (const listener of listeners) {
      try {
        listener(finished);
      } catch {
        // A listener's error must not become the answer.
      }
    }
  }

  #endSpan(outcome: ServerOutcome, endMs: number): void {
    const { span } = this;
    span.updateName(httpSpanName(outcome.method, outcome.route));
    if (outcome.route !== undefined) span.setAttribute("http.route", outcome.route);
    if (outcome.status !== undefined) {
      span.setAttribute("http.response.status_code", outcome.status);
    }
    const errorType = outcomeErrorType(outcome);
    if (errorType !== undefined) {
      span.setAttribute("error.type", errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endMs);
  }
}

/** The answer with these headers. One whose headers are fixed, as a redirect's, becomes a new one. */
export function withHeaders(
  response: Response,
  headers: readonly (readonly [string, string])[],
): Response {
  if (headers.length === 0 || response.status < MIN_STATUS) return response;
  try {
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  } catch {
    const open = new Response(response.body, response);
    for (const [name, value] of headers) open.headers.set(name, value);
    return open;
  }
}

function startAttributes(request: Request, method: string, scheme: "http" | "https"): Attributes {
  const url = new URL(request.url);
  const defaultPort = scheme === "https" ? 443 : 80;
  const attributes: Attributes = {
    "http.request.method": method,
    "url.scheme": scheme,
    "url.path": url.pathname,
    "server.address": url.hostname,
    "server.port": url.port === "" ? defaultPort : Number(url.port),
  };
  const query = redactedQuery(url.search.slice(1));
  if (query !== "") attributes["url.query"] = query;
  if (method === "_OTHER") attributes["http.request.method_original"] = request.method;
  const agent = request.headers.get("user-agent");
  if (agent !== null) attributes["user_agent.original"] = agent;
  return attributes;
}
