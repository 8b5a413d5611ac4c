import type { SpanLosses } from "@avx/model";
import {
  type Attributes,
  type AttributeValue,
  type Exception,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type TimeInput,
} from "@opentelemetry/api";
import type { TelemetryScope } from "../telemetry-scope.ts";
import { cutValue, limitedAttributes, type SpanLimits } from "./span-limits.ts";
import { monotonicMs } from "./time-input.ts";

/** Something that happened inside a span. */
export interface RecordedEvent {
  readonly name: string;
  readonly timeMs: number;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
}

/** A link and what its attribute limit has cost. */
export interface RecordedLink {
  readonly context: SpanContext;
  readonly attributes: Attributes;
  readonly droppedAttributes: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Takes a span when it has ended. */
export type SpanSink = (span: RecordedSpan) => void;

/** What is known when a span starts. */
export interface RecordedSpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: SpanContext;
  readonly parentSpanId: string;
  /** Its parent, if any, is in another process. */
  readonly isLocalRoot: boolean;
  readonly startMs: number;
  readonly scope: TelemetryScope;
  readonly sink: SpanSink;
  readonly limits: SpanLimits;
}

/** A span that is kept. Times are milliseconds of `performance.now()` until it is exported. */
export class RecordedSpan implements Span {
  readonly kind: SpanKind;
  readonly parentSpanId: string;
  readonly isLocalRoot: boolean;
  readonly startMs: number;
  readonly scope: TelemetryScope;
  readonly attributes = new Map<string, AttributeValue>();
  /** Made when first needed: most spans have none. */
  events: RecordedEvent[] | undefined = undefined;
  links: RecordedLink[] | undefined = undefined;
  /** What the limits have cost; made when they first do. */
  losses: Mutable<SpanLosses> | undefined = undefined;
  name: string;
  status: SpanStatus = { code: SpanStatusCode.UNSET };
  endMs = Number.NaN;
  readonly #context: SpanContext;
  readonly #sink: SpanSink;
  readonly #limits: SpanLimits;

  constructor(start: RecordedSpanStart) {
    this.name = start.name;
    this.kind = start.kind;
    this.parentSpanId = start.parentSpanId;
    this.isLocalRoot = start.isLocalRoot;
    this.startMs = start.startMs;
    this.scope = start.scope;
    this.#context = start.context;
    this.#sink = start.sink;
    this.#limits = start.limits;
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return Number.isNaN(this.endMs);
  }

  /** Ignored after the end; beyond the attribute limit a new name is counted and dropped. */
  setAttribute(name: string, value: AttributeValue): this {
    if (!this.isRecording() || value === undefined || typeof name !== "string") return this;
    const { attributes, valueLength } = this.#limits;
    if (this.attributes.size < attributes || this.attributes.has(name)) {
      const isCut = valueLength !== Number.POSITIVE_INFINITY;
      this.attributes.set(name, isCut ? cutValue(value, valueLength) : value);
    } else this.#lose("attributes");
    return this;
  }

  setAttributes(attributes: Attributes): this {
    for (const name in attributes) {
      if (Object.hasOwn(attributes, name)) this.setAttribute(name, attributes[name]);
    }
    return this;
  }

  addEvent(name: string, second?: Attributes | TimeInput, third?: TimeInput): this {
    if (!this.isRecording()) return this;
    const isTime = typeof second === "number" || Array.isArray(second) || second instanceof Date;
    // Proof of the `as`: a TimeInput is a number, an array or a Date, all ruled out.
    const given = isTime || typeof second !== "object" ? {} : ((second ?? {}) as Attributes);
    const { events, eventAttributes, valueLength } = this.#limits;
    const limited = limitedAttributes(given, eventAttributes, valueLength);
    const timeMs = monotonicMs(isTime ? second : third);
    this.events ??= [];
    this.events.push({ name: String(name), timeMs, ...limited });
    if (this.events.length > events) {
      this.events.shift();
      this.#lose("events");
    }
    return this;
  }

  addLink(link: Link): this {
    if (!this.isRecording() || typeof link?.context?.traceId !== "string") return this;
    this.links ??= [];
    const { links, linkAttributes, valueLength } = this.#limits;
    const limited = limitedAttributes(link.attributes ?? {}, linkAttributes, valueLength);
    this.links.push({ context: link.context, ...limited });
    if (this.links.length > links) {
      this.links.shift();
      this.#lose("links");
    }
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  /** "ok" is final; an unset status changes nothing, as the specification says. */
  setStatus(status: SpanStatus): this {
    if (!this.isRecording() || !status?.code || !(status.code in SpanStatusCode)) return this;
    if (this.status.code !== SpanStatusCode.OK) this.status = status;
    return this;
  }

  updateName(name: string): this {
    if (this.isRecording()) this.name = String(name);
    return this;
  }

  /** Adds the event `exception` of the semantic conventions. The status stays as it is. */
  recordException(exception: Exception, time?: TimeInput): void {
    this.addEvent("exception", exceptionAttributes(exception), time);
  }

  end(endTime?: TimeInput): void {
    if (!this.isRecording()) return;
    this.endMs = Math.max(monotonicMs(endTime), this.startMs);
    this.#sink(this);
  }

  #lose(part: keyof SpanLosses): void {
    this.losses ??= { attributes: 0, events: 0, links: 0 };
    this.losses[part]++;
  }
}

function exceptionAttributes(exception: Exception): Attributes {
  if (typeof exception !== "object" || exception === null) {
    return { "exception.message": String(exception) };
  }
  const type = exception.name ?? exception.code;
  return {
    ...(type === undefined ? {} : { "exception.type": String(type) }),
    ...(exception.message === undefined ? {} : { "exception.message": exception.message }),
    ...(exception.stack === undefined ? {} : { "exception.stacktrace": exception.stack }),
  };
}

/** The kinds by their names in @avx/model. */
export const SPAN_KIND_NAMES = {
  [SpanKind.INTERNAL]: "internal",
  [SpanKind.SERVER]: "server",
  [SpanKind.CLIENT]: "client",
  [SpanKind.PRODUCER]: "producer",
  [SpanKind.CONSUMER]: "consumer",
} as const;
