import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import type { BoundCounter } from "../metrics/bound-instruments.ts";
import { type OwnCost, SAMPLING_STEPS } from "../overhead/own-cost.ts";
import type { HeaderReader } from "../propagation/header-format.ts";
import { heraldsCaller } from "../propagation/heralds.ts";
import type { Propagation } from "../propagation/propagation.ts";
import type { AvxTracer } from "../tracing/avx-tracer.ts";
import { NO_SPAN } from "../tracing/propagated-span.ts";
import { withSpan } from "../tracing/trace-scope.ts";
import { isSampled } from "../tracing/traceparent.ts";
import { expressRoute } from "./express-properties.ts";
import { httpSpanName, requestMethod } from "./request-method.ts";
import { outcomeErrorType, type ServerOutcome, type ServerSeries } from "./server-series.ts";
import { serverStartAttributes } from "./server-start-attributes.ts";

/** A request that has ended, for listeners. */
export interface FinishedRequest extends ServerOutcome {
  /** Unix time in milliseconds of the end. */
  readonly timestampMs: number;
  readonly durationMs: number;
  readonly responseBytes: number;
}

/** Listens to requests that have ended. */
export type RequestListener = (request: FinishedRequest) => void;

/** Where one request is counted, traced and reported. */
export interface ObservationPorts {
  readonly series: ServerSeries;
  readonly tracer: AvxTracer;
  readonly propagation: Propagation;
  readonly cost: OwnCost;
  /** Without it, a request that no caller traces gets no span, no ids and no context. */
  readonly isTracing: boolean;
  readonly listeners: readonly RequestListener[];
}

/** Under it a response finds its observation: one listener serves all, where each had a closure. */
const OBSERVATION = Symbol("avx.response.observation");

interface ObservedResponse extends ServerResponse {
  [OBSERVATION]?: ServerObservation;
}

function endOf(this: ObservedResponse): void {
  this[OBSERVATION]?.end();
}

/**
 * One request from its arrival to the close of its response. The end is the response's `close`,
 * which comes after a full answer and after a client that hangs up alike, so that the number of
 * requests in flight always returns to zero.
 */
export class ServerObservation {
  /** The context in which the handler must run. */
  readonly context: Context;
  readonly span: Span;
  /** The template, once a framework knows it. */
  route: string | undefined = undefined;
  /** Whether the answer has been given its headers. */
  isNamed = false;
  /** Asked at the end when `route` is not set, for frameworks that match routes late. */
  findRoute: (() => string | undefined) | undefined = undefined;
  readonly #request: IncomingMessage;
  /** Kept, for a destroyed request has no socket any more. */
  readonly #socket: Socket;
  readonly #response: ServerResponse;
  readonly #ports: ObservationPorts;
  readonly #startMs = performance.now();
  readonly #method: string;
  readonly #scheme: "http" | "https";
  readonly #active: BoundCounter;
  readonly #bytesBefore: number;

  constructor(request: IncomingMessage, response: ServerResponse, ports: ObservationPorts) {
    this.#request = request;
    this.#socket = request.socket;
    this.#response = response;
    this.#ports = ports;
    this.#method = requestMethod(request.method);
    this.#scheme = "encrypted" in this.#socket ? "https" : "http";
    // Injected test requests have a socket that counts nothing.
    this.#bytesBefore = this.#socket.bytesWritten ?? 0;
    this.#active = ports.series.active(this.#method, this.#scheme);
    this.#active.add(1);
    const header = callerHeaders(request);
    const parent = header && ports.propagation.readSpan(header);
    const outer = header ? ports.propagation.withBaggage(ROOT_CONTEXT, header) : ROOT_CONTEXT;
    const isTraced = ports.isTracing || parent !== undefined;
    this.span = isTraced ? this.#startSpan(parent) : NO_SPAN;
    this.context = isTraced ? withSpan(outer, this.span) : outer;
    // Proof of the `as`: the symbol is of this file only.
    (response as ObservedResponse)[OBSERVATION] = this;
    response.on("close", endOf);
  }

  /** To be called when the response has closed. */
  end(): void {
    const { cost } = this.#ports;
    const startMs = cost.ends.begin();
    this.#finish();
    cost.ends.end(startMs);
    if (!Number.isNaN(startMs)) cost.look();
  }

  /** Remembers an error that the framework caught, for the span. */
  recordError(error: unknown): void {
    if (this.span.isRecording() && error instanceof Error) this.span.recordException(error);
  }

  #startSpan(parent: SpanContext | undefined): Span {
    const options = { kind: SpanKind.SERVER, startTime: this.#startMs };
    const span = this.#ports.tracer.startChild(this.#method, options, parent);
    if (span.isRecording() && this.#ports.cost.level <= SAMPLING_STEPS) {
      span.setAttributes(serverStartAttributes(this.#request, this.#method, this.#scheme));
    }
    return span;
  }

  #finish(): void {
    const endMs = performance.now();
    const response = this.#response;
    const outcome: ServerOutcome = {
      method: this.#method,
      scheme: this.#scheme,
      route: this.route ?? this.findRoute?.() ?? expressRoute(this.#request),
      status: response.headersSent ? response.statusCode : undefined,
      isAborted: !response.writableFinished,
      protocolVersion: this.#request.httpVersion,
    };
    const durationMs = endMs - this.#startMs;
    const responseBytes = this.#responseBytes();
    const context = this.span.spanContext();
    const exemplar = isSampled(context) ? context : undefined;
    const series = this.#ports.series.of(outcome);
    series.duration.record(durationMs / 1000, exemplar);
    series.bodySize.record(responseBytes);
    this.#active.add(-1);
    if (this.span.isRecording()) this.#endSpan(outcome, endMs);
    if (this.#ports.listeners.length > 0) {
      this.#tell({ ...outcome, timestampMs: Date.now(), durationMs, responseBytes });
    }
  }

  #tell(request: FinishedRequest): void {
    for (const listener of this.#ports.listeners) {
      try {
        listener(request);
      } catch {
        // Thrown on, it would end the process: this runs in an event of the response.
      }
    }
  }

  #endSpan(outcome: ServerOutcome, endMs: number): void {
    const { span } = this;
    span.updateName(httpSpanName(outcome.method, outcome.route));
    if (outcome.route !== undefined) span.setAttribute("http.route", outcome.route);
    if (outcome.status !== undefined)
      span.setAttribute("http.response.status_code", outcome.status);
    const errorType = outcomeErrorType(outcome);
    if (errorType !== undefined) {
      span.setAttribute("error.type", errorType);
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(endMs);
  }

  /** The declared length of a complete answer, else the bytes of the body on the socket. */
  #responseBytes(): number {
    const declared = this.#response.getHeader("content-length");
    if (this.#response.writableFinished && declared !== undefined) {
      const isBodiless = this.#method === "HEAD" || this.#response.statusCode === 304;
      return isBodiless ? 0 : Number(declared);
    }
    const bytes = (this.#socket.bytesWritten ?? 0) - this.#bytesBefore;
    return Math.max(0, bytes - headLength(this.#response));
  }
}

/** Reads the headers of a request that may carry a caller's trace; undefined when none does. */
function callerHeaders(request: IncomingMessage): HeaderReader | undefined {
  const { rawHeaders } = request;
  // Requests of other runtimes may keep them in another form.
  if (Array.isArray(rawHeaders) && !heraldsCaller(rawHeaders)) return undefined;
  const { headers } = request;
  // Node joins repeated headers with a comma: lists as they should be, ids made invalid.
  return (name) => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
}

/** Node keeps the head that it has written as text; 0 where it does not. */
function headLength(response: ServerResponse): number {
  const head: unknown = "_header" in response ? response._header : undefined;
  return typeof head === "string" ? head.length : 0;
}
