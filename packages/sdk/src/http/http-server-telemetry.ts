import type { IncomingMessage, ServerResponse } from "node:http";
import type { AvxContext } from "@avx/model";
import { AVX_TRACE_HEADER, avxHeaders } from "../avx-context.ts";
import type { Meter } from "../metrics/meter.ts";
import type { OwnCost } from "../overhead/own-cost.ts";
import type { HeaderWriter } from "../propagation/header-format.ts";
import type { Propagation } from "../propagation/propagation.ts";
import type { AvxTracer } from "../tracing/avx-tracer.ts";
import { NO_SPAN } from "../tracing/propagated-span.ts";
import { fetchCaller } from "./fetch-caller.ts";
import { FetchObservation, withHeaders } from "./fetch-observation.ts";
import type { HttpNames } from "./http-names.ts";
import { OpenConnections } from "./open-connections.ts";
import {
  type ObservationPorts,
  type RequestListener,
  ServerObservation,
} from "./server-observation.ts";
import { ServerSeries } from "./server-series.ts";

/** Where requests are counted and traced, and what their answers say of the mesh. */
export interface HttpServerTelemetryOptions {
  readonly meter: Meter;
  readonly tracer: AvxTracer;
  readonly context: AvxContext;
  readonly propagation: Propagation;
  readonly cost: OwnCost;
  readonly isTracing: boolean;
  readonly names: HttpNames;
}

/**
 * Under it a request carries its observation. Not a WeakMap: at thousands of requests a second the
 * collector would spend more on its entries than the request costs.
 */
const OBSERVATION = Symbol("avx.observation");

/** Sets nothing: a framework that observes the same request will set the headers its own way. */
export const LATER: HeaderWriter = () => {};

interface ObservedRequest extends IncomingMessage {
  [OBSERVATION]?: ServerObservation;
}

interface ObservedFetch extends Request {
  [OBSERVATION]?: FetchObservation;
}

/** Observes HTTP requests for every framework: each is counted once, however many layers ask. */
export class HttpServerTelemetry {
  readonly #headers: readonly (readonly [string, string])[];
  readonly #ports: ObservationPorts;
  readonly #listeners: RequestListener[] = [];
  readonly #connections: OpenConnections;

  constructor({ context, meter, names, ...ports }: HttpServerTelemetryOptions) {
    this.#headers = avxHeaders(context);
    this.#connections = new OpenConnections(meter);
    const listeners = this.#listeners;
    this.#ports = { series: new ServerSeries(meter, names), ...ports, listeners };
  }

  /** Calls `listener` for every request from now on. What it throws is lost. */
  onRequest(listener: RequestListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Begins to observe, or gives the observation that an outer layer began. `setHeader` is the
   * framework's way to put a header on the answer; the response's own when absent. An outer layer
   * that leaves the headers to a framework hands over `LATER`.
   */
  observe(
    request: ObservedRequest,
    response: ServerResponse,
    setHeader?: HeaderWriter,
  ): ServerObservation {
    const present = request[OBSERVATION];
    if (present !== undefined) {
      if (!present.isNamed && setHeader !== undefined) this.#name(present, setHeader);
      return present;
    }
    const { arrivals } = this.#ports.cost;
    const startMs = arrivals.begin();
    const observation = new ServerObservation(request, response, this.#ports);
    request[OBSERVATION] = observation;
    this.#connections.note(request);
    if (setHeader !== LATER && !response.headersSent) {
      this.#name(observation, setHeader ?? ((name, value) => void response.setHeader(name, value)));
    }
    arrivals.end(startMs);
    return observation;
  }

  #name(observation: ServerObservation, set: HeaderWriter): void {
    observation.isNamed = true;
    for (const [name, value] of this.#headers) set(name, value);
    // Without it Node writes the head of an answer by its quick way.
    const { span } = observation;
    if (span !== NO_SPAN) set(AVX_TRACE_HEADER, span.spanContext().traceId);
  }

  /**
   * As `observe`, for a Web `Request` without node:http underneath; `beside` is what the runtime hands
   * over with it.
   */
  observeFetch(request: ObservedFetch, beside: unknown): FetchObservation {
    const present = request[OBSERVATION];
    if (present !== undefined) return present;
    const { arrivals } = this.#ports.cost;
    const startMs = arrivals.begin();
    const observation = new FetchObservation(request, fetchCaller(request, beside), this.#ports);
    request[OBSERVATION] = observation;
    arrivals.end(startMs);
    return observation;
  }

  /**
   * Takes what a handler has answered; gives what is to be sent. Anything but a `Response`, as after
   * an upgrade, is given back.
   */
  answered(observation: FetchObservation, answer: unknown, waitsForBody: boolean): unknown {
    if (!(answer instanceof Response)) {
      observation.ended();
      return answer;
    }
    const { cost } = this.#ports;
    const startMs = cost.ends.begin();
    const { span } = observation;
    const trace = span === NO_SPAN ? [] : [[AVX_TRACE_HEADER, span.spanContext().traceId] as const];
    const named = withHeaders(answer, [...this.#headers, ...trace]);
    const sent = observation.answered(named, waitsForBody);
    cost.ends.end(startMs);
    if (!Number.isNaN(startMs)) cost.look();
    return sent;
  }

  /** The observation of a request, if one has begun. */
  fetchObservationOf(request: ObservedFetch): FetchObservation | undefined {
    return request[OBSERVATION];
  }

  /** Names the route of a request that no framework routes; a template, never the raw path. */
  setRoute(request: ObservedRequest | ObservedFetch, template: string): void {
    const observation = request[OBSERVATION];
    if (observation !== undefined) observation.route = template;
  }
}
