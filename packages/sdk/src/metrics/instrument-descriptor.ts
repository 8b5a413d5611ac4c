/** What an instrument aggregates to. */
export type InstrumentKind =
  | "counter"
  | "updowncounter"
  | "gauge"
  | "histogram"
  | "exponential-histogram";

/** Identity of an instrument: OpenTelemetry name, UCUM unit ("s", "By", "{request}"), text. */
export interface InstrumentDescriptor {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: InstrumentKind;
}

/** OpenTelemetry's rule: a letter, then up to 254 letters, digits, `_`, `.`, `-` or `/`. */
export function isInstrumentName(name: string): boolean {
  return /^[a-zA-Z][\w.\-/]{0,254}$/.test(name);
}
