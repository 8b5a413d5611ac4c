import { INVALID_SPAN_CONTEXT, type Span, type SpanContext } from "@opentelemetry/api";

/**
 * A span that is not recorded: it only carries the ids on. One small object, no attribute is kept.
 */
export class PropagatedSpan implements Span {
  readonly #context: SpanContext;

  constructor(context: SpanContext) {
    this.#context = context;
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return false;
  }

  setAttribute(): this {
    return this;
  }

  setAttributes(): this {
    return this;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  setStatus(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  recordException(): void {}

  end(): void {}
}

/** Stands where nothing is traced: its ids are all zero, and it is never put into a context. */
export const NO_SPAN: Span = new PropagatedSpan(INVALID_SPAN_CONTEXT);
