import { AVX_CONTEXT_PARTS, type AvxContext } from "@avx/model";
import type { Environment } from "./environment.ts";

const UNSET: AvxContext = { stack: "", layer: "", env: "", cluster: "", mesh: "" };

/** Response and request headers that carry an AvxContext begin so. */
export const AVX_HEADER_PREFIX = "x-avx-";

/** Carries the trace id back to the caller. */
export const AVX_TRACE_HEADER = "x-avx-trace";

/** The context of `AVX_STACK`, `AVX_LAYER`, `AVX_ENV`, `AVX_CLUSTER`, `AVX_MESH`; "" where unset. */
export function avxContextFromEnvironment(environment: Environment): AvxContext {
  const context: { -readonly [Part in keyof AvxContext]: string } = { ...UNSET };
  for (const part of AVX_CONTEXT_PARTS) {
    context[part] = headerSafe(environment[`AVX_${part.toUpperCase()}`] ?? "");
  }
  return context;
}

/** The set parts as `avx.<part>` resource attributes. */
export function avxResourceAttributes(context: AvxContext): [string, string][] {
  return setParts(context).map(([part, value]) => [`avx.${part}`, value]);
}

/** The set parts as `x-avx-<part>` headers. */
export function avxHeaders(context: AvxContext): [string, string][] {
  return setParts(context).map(([part, value]) => [`${AVX_HEADER_PREFIX}${part}`, value]);
}

function setParts(context: AvxContext): [string, string][] {
  return AVX_CONTEXT_PARTS.filter((part) => context[part] !== "").map((part) => [
    part,
    context[part],
  ]);
}

/** Characters that an HTTP header value may not have would make every response fail. */
function headerSafe(value: string): string {
  return value.replace(/[^\x20-\x7e]/g, "").trim();
}
