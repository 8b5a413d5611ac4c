import type { Attributes } from "./attributes.ts";

/** What produced the telemetry (OpenTelemetry resource). `service.name` is in `attributes`. */
export interface Resource {
  readonly attributes: Attributes;
}

/** The instrumentation library that produced it. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly attributes: Attributes;
}
