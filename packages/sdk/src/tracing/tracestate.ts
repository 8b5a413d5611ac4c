import type { TraceState } from "@opentelemetry/api";

/** Members that the specification lets a header have; more make it invalid. */
const MAX_MEMBERS = 32;
/** A longer header is dropped: the specification asks to carry at least 512 characters. */
const MAX_LENGTH = 8192;

// https://www.w3.org/TR/trace-context/#tracestate-header-field-values, key and value
const KEY = /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/;
const VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Vendor data that travels with a trace. Immutable; the newest member comes first. */
export class W3cTraceState implements TraceState {
  readonly #members: ReadonlyMap<string, string>;

  constructor(members: ReadonlyMap<string, string>) {
    this.#members = members;
  }

  get(key: string): string | undefined {
    return this.#members.get(key);
  }

  /** A copy with the member in front; an invalid key or value, or a 33rd member, changes nothing. */
  set(key: string, value: string): TraceState {
    if (!KEY.test(key) || !VALUE.test(value)) return this;
    if (!this.#members.has(key) && this.#members.size >= MAX_MEMBERS) return this;
    const members = new Map([[key, value]]);
    for (const [name, present] of this.#members) if (name !== key) members.set(name, present);
    return new W3cTraceState(members);
  }

  unset(key: string): TraceState {
    const members = new Map(this.#members);
    members.delete(key);
    return new W3cTraceState(members);
  }

  serialize(): string {
    return [...this.#members].map(([key, value]) => `${key}=${value}`).join(",");
  }
}

/** Reads a `tracestate` header; undefined when it is absent, empty or invalid as a whole. */
export function parseTracestate(header: string | undefined): TraceState | undefined {
  if (header === undefined || header === "" || header.length > MAX_LENGTH) return undefined;
  const members = new Map<string, string>();
  for (const part of header.split(",")) {
    const member = part.replace(/^[ \t]+|[ \t]+$/g, "");
    if (member === "") continue;
    const equals = member.indexOf("=");
    const key = member.slice(0, equals);
    const value = member.slice(equals + 1);
    if (equals < 1 || !KEY.test(key) || !VALUE.test(value) || members.has(key)) return undefined;
    members.set(key, value);
    if (members.size > MAX_MEMBERS) return undefined;
  }
  return members.size === 0 ? undefined : new W3cTraceState(members);
}
