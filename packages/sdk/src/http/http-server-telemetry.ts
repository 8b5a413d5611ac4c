import type { IncomingMessage, ServerResponse } from "node:http";
import type { AvxContext } from "@avx/model";
import { AVX_TRACE_HEADER, avxHeaders } from "../avx-context.ts";
import type { Meter } from "../metrics/meter.ts";
import type { AvxTracer } from "../tracing/avx-tracer.ts";
import {
  type FinishedRequest,
  type ObservationPorts,
  ServerObservation,
} from "./server-observation.ts";
import { ServerSeries } from "./server-series.ts";

/** Listens to requests that have ended. */
export type RequestListener = (request: FinishedRequest) => void;

/** Where requests are counted and traced, and what their answers say of the mesh. */
export interface HttpServerTelemetryOptions {
  readonly meter: Meter;
  readonly tracer: AvxTracer;
  readonly context: AvxContext;
}

/** Observes HTTP requests for every framework: each is counted once, however many layers ask. */
export class HttpServerTelemetry {
  readonly #headers: readonly (readonly [string, string])[];
  readonly #ports: ObservationPorts;
  readonly #listeners: RequestListener[] = [];
  readonly #observations = new WeakMap<IncomingMessage, ServerObservation>();

  constructor({ meter, tracer, context }: HttpServerTelemetryOptions) {
    this.#headers = avxHeaders(context);
    const onFinish: RequestListener = (request) => {
      for (const listener of this.#listeners) {
        try {
          listener(request);
        } catch {
          // Thrown on, it would end the process: this runs in an event of the response.
        }
      }
    };
    this.#ports = { series: new ServerSeries(meter), tracer, onFinish };
  }

  /** Calls `listener` for every request from now on. What it throws is lost. */
  onRequest(listener: RequestListener): void {
    this.#listeners.push(listener);
  }

  /** Begins to observe, or gives the observation that an outer layer began. */
  observe(request: IncomingMessage, response: ServerResponse): ServerObservation {
    const present = this.#observations.get(request);
    if (present !== undefined) return present;
    const observation = new ServerObservation(request, response, this.#ports);
    this.#observations.set(request, observation);
    if (!response.headersSent) {
      for (const [name, value] of this.#headers) response.setHeader(name, value);
      response.setHeader(AVX_TRACE_HEADER, observation.span.spanContext().traceId);
    }
    return observation;
  }

  /** Names the route of a request of plain node:http; a template, never the raw path. */
  setRoute(request: IncomingMessage, template: string): void {
    const observation = this.#observations.get(request);
    if (observation !== undefined) observation.route = template;
  }
}
