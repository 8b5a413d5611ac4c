import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { type Span, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { HTTP_DURATION_BOUNDARIES } from "../metrics/explicit-histogram.ts";
import type { HistogramInstrument } from "../metrics/histogram.ts";
import type { Meter } from "../metrics/meter.ts";
import type { AvxTracer } from "../tracing/avx-tracer.ts";
import { activeContext } from "../tracing/trace-scope.ts";
import { outgoingTraceHeaders } from "./outgoing-headers.ts";
import { redactedQuery } from "./redacted-query.ts";
import { httpSpanName, requestMethod } from "./request-method.ts";

/** What undici publishes of a request, in undici 6 to 8 and in Node's own fetch. */
interface UndiciRequest {
  readonly origin: string | URL;
  readonly method: string;
  readonly path: string;
  /** Names and values alternating. */
  readonly headers: readonly unknown[];
  addHeader(name: string, value: string): unknown;
}

interface Call {
  readonly span: Span;
  readonly startMs: number;
  readonly method: string;
  readonly url: URL;
  status: number | undefined;
}

type Listener = (message: unknown) => void;

/** Observes `fetch` and undici: CLIENT spans, `http.client.request.duration`, trace headers. */
export class UndiciClientTelemetry {
  readonly #tracer: AvxTracer;
  readonly #durations: HistogramInstrument;
  readonly #calls = new WeakMap<object, Call>();
  readonly #listeners: ReadonlyMap<string, Listener>;

  constructor(meter: Meter, tracer: AvxTracer) {
    this.#tracer = tracer;
    this.#durations = meter.createHistogram("http.client.request.duration", {
      description: "Duration of HTTP client requests.",
      unit: "s",
      advice: { explicitBucketBoundaries: [...HTTP_DURATION_BOUNDARIES] },
    });
    // Proof of the `as`: undici documents these messages (docs/api/DiagnosticsChannel.md).
    this.#listeners = new Map<string, Listener>([
      ["undici:request:create", (m) => this.#start((m as { request: UndiciRequest }).request)],
      ["undici:request:headers", (m) => this.#headers(m as HeadersMessage)],
      ["undici:request:trailers", (m) => this.#end((m as { request: object }).request)],
      ["undici:request:error", (m) => this.#fail(m as ErrorMessage)],
    ]);
  }

  /** Begins to observe all requests of the process. */
  enable(): void {
    for (const [channel, listener] of this.#listeners) subscribe(channel, listener);
  }

  disable(): void {
    for (const [channel, listener] of this.#listeners) unsubscribe(channel, listener);
  }

  #start(request: UndiciRequest): void {
    const url = URL.parse(request.path, request.origin.toString());
    if (url === null) return;
    const method = requestMethod(request.method);
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
    if (!hasTraceparent(request.headers)) {
      const headers = outgoingTraceHeaders(span.spanContext());
      for (const [name, value] of headers) request.addHeader(name, value);
    }
    this.#calls.set(request, { span, startMs, method, url, status: undefined });
  }

  #headers({ request, response }: HeadersMessage): void {
    const call = this.#calls.get(request);
    if (call !== undefined) call.status = response.statusCode;
  }

  #fail({ request, error }: ErrorMessage): void {
    const type = error instanceof Error ? (errorCode(error) ?? error.name) : "error";
    this.#end(request, type);
  }

  #end(request: object, failure?: string): void {
    const call = this.#calls.get(request);
    if (call === undefined) return;
    this.#calls.delete(request);
    const { span, method, url, status, startMs } = call;
    const endMs = performance.now();
    // A client counts 4xx as errors too: its call did not get what it asked for.
    const isErrorStatus = status !== undefined && status >= 400;
    const errorType = failure ?? (isErrorStatus ? String(status) : undefined);
    const outcome = {
      ...(status === undefined ? {} : { "http.response.status_code": status }),
      ...(errorType === undefined ? {} : { "error.type": errorType }),
    };
    const attributes = { "http.request.method": method, ...serverAttributes(url), ...outcome };
    this.#durations.bind(attributes).record((endMs - startMs) / 1000, span.spanContext());
    span.setAttributes(outcome);
    if (errorType !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endMs);
  }
}

/** A caller that writes the header itself means it: two of them would be invalid. */
function hasTraceparent(headers: readonly unknown[]): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (String(headers[i]).toLowerCase() === "traceparent") return true;
  }
  return false;
}

interface HeadersMessage {
  readonly request: object;
  readonly response: { readonly statusCode: number };
}

interface ErrorMessage {
  readonly request: object;
  readonly error: unknown;
}

function serverAttributes(url: URL): { "server.address": string; "server.port": number } {
  const port = url.port === "" ? (url.protocol === "https:" ? 443 : 80) : Number(url.port);
  return { "server.address": url.hostname, "server.port": port };
}

function errorCode(error: Error): string | undefined {
  const code = "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
