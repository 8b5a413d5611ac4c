import type { SpanContext } from "@opentelemetry/api";

/** Gives the value of a header by its lower-case name; undefined when absent or repeated. */
export type HeaderReader = (name: string) => string | undefined;

/** Sets one header. */
export type HeaderWriter = (name: string, value: string) => void;

/** One way in which a span context travels in headers. */
export interface HeaderFormat {
  /** The headers that it writes, lower case; the first one tells whether a carrier has it. */
  readonly fields: readonly [string, ...string[]];
  /** The remote span; undefined when the headers are absent or invalid. */
  read(header: HeaderReader): SpanContext | undefined;
  write(span: SpanContext, set: HeaderWriter): void;
}
