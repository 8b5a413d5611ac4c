import { isSampled } from "../tracing/traceparent.ts";
import type { HeaderFormat } from "./header-format.ts";
import { remoteSpan } from "./hex-ids.ts";

const SAMPLED_FLAG = 1;
const FLAGS = /^[0-9a-f]{1,2}$/i;

/**
 * Jaeger's own header, `uber-trace-id: {trace}:{span}:{parent}:{flags}`; leading zeros may be
 * missing and colons percent-encoded.
 * https://www.jaegertracing.io/docs/1.21/client-libraries/#propagation-format
 */
export const JAEGER: HeaderFormat = {
  fields: ["uber-trace-id"],
  read(header) {
    const parts = header("uber-trace-id")?.replaceAll(/%3a/gi, ":").split(":") ?? [];
    const [traceId = "", spanId = "", , flags = ""] = parts;
    if (parts.length !== 4 || !FLAGS.test(flags)) return undefined;
    return remoteSpan(traceId, spanId, (Number.parseInt(flags, 16) & SAMPLED_FLAG) === 1);
  },
  write(span, set) {
    set("uber-trace-id", `${span.traceId}:${span.spanId}:0:${isSampled(span) ? 1 : 0}`);
  },
};
