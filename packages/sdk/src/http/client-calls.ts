import {
  type Attributes,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
} from "@opentelemetry/api";
import type { Histogram } from "../metrics/bound-instruments.ts";
import { HTTP_DURATION_BOUNDARIES } from "../metrics/explicit-histogram.ts";
import type { Meter } from "../metrics/meter.ts";
import type { HeaderWriter } from "../propagation/header-format.ts";
import type { Propagation } from "../propagation/propagation.ts";
import type { AvxTracer } from "../tracing/avx-tracer.ts";
import { activeContext } from "../tracing/trace-scope.ts";
import { type HttpNames, oldHttpAttributes } from "./http-names.ts";
import { redactedQuery } from "./redacted-query.ts";
import { httpSpanName, requestMethod } from "./request-method.ts";

/** A request of this process to another, under way. */
export interface ClientCall {
  readonly span: Span;
  readonly startMs: number;
  readonly method: string;
  readonly url: URL;
  /** Set when the answer's headers have come. */
  status: number | undefined;
}

/** The headers of a request that is being made. */
export interface OutgoingHeaders {
  readonly has: (name: string) => boolean;
  readonly set: HeaderWriter;
}

/** Where calls are counted and traced, and how their traces travel on. */
export interface ClientCallsOptions {
  readonly meter: Meter;
  readonly tracer: AvxTracer;
  readonly propagation: Propagation;
  readonly names: HttpNames;
}

/**
 * Times and traces the requests that a service makes, whatever client makes them.
 * https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#http-client
 */
export class ClientCalls {
  readonly #tracer: AvxTracer;
  readonly #propagation: Propagation;
  readonly #durations: Histogram;
  readonly #names: HttpNames;
  /** Of before 2023, in milliseconds; made when it is asked for. */
  readonly #oldDurations: Histogram | undefined;

  constructor({ meter, tracer, propagation, names }: ClientCallsOptions) {
    this.#names = names;
    if (names !== "stable") {
      this.#oldDurations = meter.createHistogram("http.client.duration", {
        description: "Duration of HTTP client requests.",
        unit: "ms",
      });
    }
    this.#tracer = tracer;
    this.#propagation = propagation;
    this.#durations = meter.createHistogram("http.client.request.duration", {
      description: "Duration of HTTP client requests.",
      unit: "s",
      advice: { explicitBucketBoundaries: [...HTTP_DURATION_BOUNDARIES] },
    });
  }

  /** Starts a CLIENT span under the active one. */
  begin(rawMethod: string | undefined, url: URL): ClientCall {
    const method = requestMethod(rawMethod);
    const startMs = performance.now();
    const options = { kind: SpanKind.CLIENT, startTime: startMs };
    const span = this.#tracer.startSpan(httpSpanName(method, undefined), options, activeContext());
    if (span.isRecording()) {
      const query = url.search === "" ? "" : `?${redactedQuery(url.search.slice(1))}`;
      span.setAttributes({
        "http.request.method": method,
        "url.full": `${url.origin}${url.pathname}${query}`,
        ...serverAttributes(url),
      });
    }
    return { span, startMs, method, url, status: undefined };
  }

  /** Gives the request its trace and the running code's baggage; what it has already stays. */
  addHeaders({ span }: ClientCall, { has, set }: OutgoingHeaders): void {
    const source = { span: span.spanContext(), context: activeContext(), has };
    this.#propagation.writeMissing(source, set);
  }

  /** Counts the call. `failure` is what stopped it, or undefined after a whole answer. */
  end(call: ClientCall, failure?: unknown): void {
    const { span, method, url, status, startMs } = call;
    const endMs = performance.now();
    const errorType = callErrorType(status, failure);
    const outcome = {
      ...(status === undefined ? {} : { "http.response.status_code": status }),
      ...(errorType === undefined ? {} : { "error.type": errorType }),
    };
    const attributes = { "http.request.method": method, ...serverAttributes(url), ...outcome };
    this.#record(attributes, endMs - startMs, span.spanContext());
    span.setAttributes(outcome);
    if (errorType !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endMs);
  }

  #record(attributes: Attributes, durationMs: number, span: SpanContext): void {
    if (this.#names !== "old") this.#durations.bind(attributes).record(durationMs / 1000, span);
    this.#oldDurations?.bind(oldHttpAttributes(attributes, "client")).record(durationMs, span);
  }
}

/** A client counts 4xx as errors too: its call did not get what it asked for. */
function callErrorType(status: number | undefined, failure: unknown): string | undefined {
  if (failure === undefined) {
    return status !== undefined && status >= 400 ? String(status) : undefined;
  }
  if (!(failure instanceof Error)) return String(failure);
  const code = "code" in failure ? failure.code : undefined;
  return typeof code === "string" ? code : failure.name;
}

function serverAttributes(url: URL): { "server.address": string; "server.port": number } {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { "server.address": url.hostname, "server.port": port };
}
