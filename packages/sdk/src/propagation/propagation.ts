import { AvxError } from "@avx/model";
import { type Context, propagation, type SpanContext } from "@opentelemetry/api";
import type { Environment } from "../environment.ts";
import { spanContextOf } from "../tracing/trace-scope.ts";
import { B3_MULTI, B3_SINGLE } from "./b3.ts";
import { formatBaggage, parseBaggage } from "./baggage.ts";
import type { HeaderFormat, HeaderReader, HeaderWriter } from "./header-format.ts";
import { JAEGER } from "./jaeger.ts";
import { TRACE_CONTEXT } from "./trace-context.ts";

const OPTION = "OTEL_PROPAGATORS";
const FORMATS: ReadonlyMap<string, HeaderFormat> = new Map([
  ["tracecontext", TRACE_CONTEXT],
  ["b3", B3_SINGLE],
  ["b3multi", B3_MULTI],
  ["jaeger", JAEGER],
]);

/** What a process reads from and writes into headers. */
export interface PropagationFormats {
  /** The first that is present wins. */
  readonly reads: readonly HeaderFormat[];
  readonly writes: readonly HeaderFormat[];
  readonly hasBaggage: boolean;
}

/** W3C is written, the others are understood: a mesh changes over service by service. */
const DEFAULT_FORMATS: PropagationFormats = {
  reads: [TRACE_CONTEXT, B3_SINGLE, JAEGER],
  writes: [TRACE_CONTEXT],
  hasBaggage: true,
};

/** Reads `OTEL_PROPAGATORS`; an unknown name is an `invalid_config`. */
export function propagationFormats(environment: Environment): PropagationFormats {
  const names = (environment[OPTION] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) return DEFAULT_FORMATS;
  const formats = names.flatMap((name) => {
    const format = FORMATS.get(name);
    if (format !== undefined) return [format];
    if (name === "baggage" || name === "none") return [];
    const known = [...FORMATS.keys(), "baggage", "none"].join(", ");
    throw new AvxError("invalid_config", { option: OPTION, reason: `${name} is not of ${known}` });
  });
  if (!names.includes("none")) {
    return { reads: formats, writes: formats, hasBaggage: names.includes("baggage") };
  }
  return { reads: [], writes: [], hasBaggage: false };
}

/** Carries the trace and its baggage into and out of a process, in the chosen formats. */
export class Propagation {
  readonly #formats: PropagationFormats;

  constructor(formats: PropagationFormats) {
    this.#formats = formats;
  }

  /** Names of all headers that are written. */
  get fields(): string[] {
    const fields = this.#formats.writes.flatMap((format) => [...format.fields]);
    return this.#formats.hasBaggage ? [...fields, "baggage"] : fields;
  }

  /** The caller's span; undefined when the trace starts here. */
  readSpan(header: HeaderReader): SpanContext | undefined {
    for (const format of this.#formats.reads) {
      const span = format.read(header);
      if (span !== undefined) return span;
    }
    return undefined;
  }

  /** `context` with the caller's baggage, if any. */
  withBaggage(context: Context, header: HeaderReader): Context {
    if (!this.#formats.hasBaggage) return context;
    const baggage = parseBaggage(header("baggage"));
    return baggage === undefined ? context : propagation.setBaggage(context, baggage);
  }

  /** Writes the span of `context` and its baggage. */
  write(context: Context, set: HeaderWriter): void {
    this.writeSpan(spanContextOf(context), set);
    this.#writeBaggage(context, set);
  }

  /**
   * As `write` for a request that carries `span`. What the caller has set itself stays: it means
   * it, and two of a kind would be invalid.
   */
  writeMissing(source: OutgoingSource, set: HeaderWriter): void {
    const { span, context, has } = source;
    for (const format of this.#formats.writes) {
      if (!has(format.fields[0])) format.write(span, set);
    }
    if (!has("baggage")) this.#writeBaggage(context, set);
  }

  /** Writes `span` in every format; nothing without one. */
  writeSpan(span: SpanContext | undefined, set: HeaderWriter): void {
    if (span === undefined) return;
    for (const format of this.#formats.writes) format.write(span, set);
  }

  #writeBaggage(context: Context, set: HeaderWriter): void {
    if (!this.#formats.hasBaggage) return;
    const baggage = propagation.getBaggage(context);
    const text = baggage === undefined ? "" : formatBaggage(baggage);
    if (text !== "") set("baggage", text);
  }
}

/** What an outgoing request carries: its own span, and the baggage of the context it is made in. */
export interface OutgoingSource {
  readonly span: SpanContext;
  readonly context: Context;
  /** Whether the request has a header of this lower-case name. */
  readonly has: (name: string) => boolean;
}
