import {
  type Context,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type Tracer,
} from "@opentelemetry/api";
import type { TelemetryScope } from "../telemetry-scope.ts";
import { withThreshold } from "./consistent-probability.ts";
import { newSpanId, newTraceId } from "./identifiers.ts";
import { PropagatedSpan } from "./propagated-span.ts";
import { RecordedSpan, type SpanSink } from "./recorded-span.ts";
import type { Sampler } from "./sampler.ts";
import type { SpanLimits } from "./span-limits.ts";
import { monotonicMs } from "./time-input.ts";
import { activeContext, runIn, spanContextOf, withSpan } from "./trace-scope.ts";

/** Who decides about spans, and who takes them when they have ended. */
export interface TracerOptions {
  readonly scope: TelemetryScope;
  readonly sampler: Sampler;
  readonly sink: SpanSink;
  readonly limits: SpanLimits;
}

type ActiveWork<R> = (span: Span) => R;

/** Starts spans. The sampler decides first: an unsampled span builds nothing but its ids. */
export class AvxTracer implements Tracer {
  readonly #options: TracerOptions;

  constructor(options: TracerOptions) {
    this.#options = options;
  }

  startSpan(name: string, options: SpanOptions = {}, context: Context = activeContext()): Span {
    const parent = options.root === true ? undefined : spanContextOf(context);
    return this.startChild(name, options, parent);
  }

  /** As `startSpan`, for a parent that came over the wire or is known already. */
  startChild(name: string, options: SpanOptions, parent: SpanContext | undefined): Span {
    const traceId = parent?.traceId ?? newTraceId();
    const { sampler, sink, scope, limits } = this.#options;
    const { isRecorded, isSampled, threshold } = sampler(traceId, parent);
    const context: SpanContext = {
      traceId,
      spanId: newSpanId(),
      // The other flags (random) are the trace's own and travel on.
      traceFlags: ((parent?.traceFlags ?? 0) & ~1) | (isSampled ? 1 : 0),
    };
    const parentState = parent?.traceState;
    const state = threshold === undefined ? parentState : withThreshold(parentState, threshold);
    if (state !== undefined) context.traceState = state;
    if (!isRecorded) return new PropagatedSpan(context);
    const span = new RecordedSpan({
      name: String(name),
      kind: options.kind ?? SpanKind.INTERNAL,
      context,
      parentSpanId: parent?.spanId ?? "",
      isLocalRoot: parent === undefined || parent.isRemote === true,
      startMs: monotonicMs(options.startTime),
      scope,
      sink,
      limits,
    });
    if (options.attributes !== undefined) span.setAttributes(options.attributes);
    if (options.links) span.addLinks(options.links);
    return span;
  }

  startActiveSpan<F extends ActiveWork<unknown>>(name: string, work: F): ReturnType<F>;
  startActiveSpan<F extends ActiveWork<unknown>>(
    name: string,
    options: SpanOptions,
    work: F,
  ): ReturnType<F>;
  startActiveSpan<F extends ActiveWork<unknown>>(
    name: string,
    options: SpanOptions,
    context: Context,
    work: F,
  ): ReturnType<F>;
  startActiveSpan(name: string, ...rest: unknown[]): unknown {
    // Proof of the `as`: the three signatures above are the only ways in.
    const work = rest.at(-1) as ActiveWork<unknown>;
    const options = rest.length > 1 ? (rest[0] as SpanOptions) : {};
    const context = rest.length > 2 ? (rest[1] as Context) : activeContext();
    const span = this.startSpan(name, options, context);
    return runIn(withSpan(context, span), () => work(span));
  }
}
