import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Context,
  createContextKey,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
} from "@opentelemetry/api";

/** The key under which `@opentelemetry/api` itself keeps the span of a context. */
const SPAN_KEY = createContextKey("OpenTelemetry Context Key SPAN");

/** The sampled or unsampled span that the running code belongs to, if any. */
export type ActiveSpanContext = () => SpanContext | undefined;

/** One store for all of AVX and for `@opentelemetry/api`, once registered. */
const storage = new AsyncLocalStorage<Context>();

/**
 * A context that adds one span to its parent: one small object, where the API's own `setValue`
 * copies a Map for every request.
 */
class SpanScope implements Context {
  readonly #parent: Context;
  readonly #span: Span;

  constructor(parent: Context, span: Span) {
    this.#parent = parent;
    this.#span = span;
  }

  getValue(key: symbol): unknown {
    return key === SPAN_KEY ? this.#span : this.#parent.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#asPlain().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#asPlain().deleteValue(key);
  }

  #asPlain(): Context {
    return this.#parent.setValue(SPAN_KEY, this.#span);
  }
}

/** The context of the running code; the root context outside of any. */
export function activeContext(): Context {
  return storage.getStore() ?? ROOT_CONTEXT;
}

/** `parent` with `span` as its active span. */
export function withSpan(parent: Context, span: Span): Context {
  return new SpanScope(parent, span);
}

/** Runs `work` in `context`; everything it awaits stays in it. */
export function runIn<T>(context: Context, work: () => T): T {
  // Entering costs 200 ns in Node 24, asking 10: frameworks often are in the context already.
  return activeContext() === context ? work() : storage.run(context, work);
}

/**
 * Makes `context` that of the running event until it ends, and of all that it begins. For callers
 * that cannot wrap the work, such as listeners of diagnostics channels.
 */
export function enterContext(context: Context): void {
  if (activeContext() !== context) storage.enterWith(context);
}

/**
 * Runs `work` outside of any trace. For timers of the SDK: one that was started in a request would
 * keep that request's span, and give its ids to whatever it logs.
 */
export function runOutside<T>(work: () => T): T {
  return storage.run(ROOT_CONTEXT, work);
}

/** The span of a context, or undefined. */
export function spanOf(context: Context): Span | undefined {
  // Proof of the `as`: only the API and this file write under SPAN_KEY, and only spans.
  return context.getValue(SPAN_KEY) as Span | undefined;
}

/** The ids of the span of a context, or undefined. */
export function spanContextOf(context: Context): SpanContext | undefined {
  return spanOf(context)?.spanContext();
}

/** The ids of the active span, or undefined outside of any. About 10 ns. */
export function activeSpanContext(): SpanContext | undefined {
  const context = storage.getStore();
  return context === undefined ? undefined : spanContextOf(context);
}
