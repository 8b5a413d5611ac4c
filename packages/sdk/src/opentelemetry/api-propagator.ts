import {
  type Context,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import type { HeaderReader } from "../propagation/header-format.ts";
import type { Propagation } from "../propagation/propagation.ts";

/** Reads and writes the process's formats for libraries that ask the API to. */
export class ApiPropagator implements TextMapPropagator {
  readonly #propagation: Propagation;

  constructor(propagation: Propagation) {
    this.#propagation = propagation;
  }

  inject(context: Context, carrier: unknown, setter: TextMapSetter): void {
    this.#propagation.write(context, (name, value) => setter.set(carrier, name, value));
  }

  extract(context: Context, carrier: unknown, getter: TextMapGetter): Context {
    const header: HeaderReader = (name) => joined(name, getter.get(carrier, name));
    const span = this.#propagation.readSpan(header);
    const base = span === undefined ? context : trace.setSpanContext(context, span);
    return this.#propagation.withBaggage(base, header);
  }

  fields(): string[] {
    return this.#propagation.fields;
  }
}

/** Lists may be repeated; two span headers contradict each other: none counts. */
function joined(name: string, header: string | string[] | undefined): string | undefined {
  if (!Array.isArray(header)) return header;
  if (name === "tracestate" || name === "baggage") return header.join(",");
  return header.length === 1 ? header[0] : undefined;
}
