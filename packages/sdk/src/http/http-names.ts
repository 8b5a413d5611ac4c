import { type Attributes, SpanKind } from "@opentelemetry/api";
import type { Environment } from "../environment.ts";
import { OWN_SCOPE } from "../exposition/families.ts";
import type { BoundHistogram } from "../metrics/bound-instruments.ts";
import type { RecordedSpan, SpanSink } from "../tracing/recorded-span.ts";

/** Names of HTTP telemetry: the stable ones, those of before 2023, or both. */
export type HttpNames = "stable" | "old" | "both";

/**
 * Reads `OTEL_SEMCONV_STABILITY_OPT_IN`: `http/dup` gives both, and `http/old`, which is ours, the
 * old ones only. Without either they are stable, for that was to be everybody's default.
 * https://opentelemetry.io/docs/specs/semconv/non-normative/http-migration/
 */
export function httpNames(environment: Environment): HttpNames {
  const words = (environment["OTEL_SEMCONV_STABILITY_OPT_IN"] ?? "").split(",");
  const chosen = new Set(words.map((word) => word.trim().toLowerCase()));
  if (chosen.has("http/dup")) return "both";
  return chosen.has("http/old") ? "old" : "stable";
}

/** Old names by stable ones, on both sides of a request. */
const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ["http.request.method", "http.method"],
  ["http.response.status_code", "http.status_code"],
  ["http.route", "http.route"],
  ["url.scheme", "http.scheme"],
  ["url.full", "http.url"],
  ["network.protocol.version", "http.flavor"],
  ["user_agent.original", "http.user_agent"],
  ["client.address", "http.client_ip"],
  ["network.peer.address", "net.sock.peer.addr"],
]);
const OLD_SERVER_NAMES: ReadonlyMap<string, string> = new Map([
  ...OLD_NAMES,
  ["server.address", "net.host.name"],
  ["server.port", "net.host.port"],
]);
const OLD_CLIENT_NAMES: ReadonlyMap<string, string> = new Map([
  ...OLD_NAMES,
  ["server.address", "net.peer.name"],
  ["server.port", "net.peer.port"],
]);

/** Stable attributes under their old names; what had none is left out. */
export function oldHttpAttributes(attributes: Attributes, side: "server" | "client"): Attributes {
  const names = side === "server" ? OLD_SERVER_NAMES : OLD_CLIENT_NAMES;
  const old: Attributes = {};
  for (const [stable, value] of Object.entries(attributes)) {
    const name = names.get(stable);
    if (name !== undefined) old[name] = value;
  }
  return old;
}

/** Records seconds, and the same in milliseconds under an old name. */
export function inBothUnits(seconds: BoundHistogram, milliseconds: BoundHistogram): BoundHistogram {
  return {
    record(value, span) {
      seconds.record(value, span);
      milliseconds.record(value * 1000, span);
    },
  };
}

/** Records seconds in milliseconds, for a metric of an old name. */
export function inMilliseconds(milliseconds: BoundHistogram): BoundHistogram {
  return { record: (value, span) => milliseconds.record(value * 1000, span) };
}

/** `sink`, before which the SDK's own HTTP spans get their old names. */
export function namingSink(names: HttpNames, sink: SpanSink): SpanSink {
  if (names === "stable") return sink;
  return (span) => {
    const isHttp = span.scope.name === OWN_SCOPE && span.attributes.has("http.request.method");
    if (isHttp && span.kind === SpanKind.SERVER) rename(span, OLD_SERVER_NAMES, names);
    else if (isHttp && span.kind === SpanKind.CLIENT) rename(span, OLD_CLIENT_NAMES, names);
    sink(span);
  };
}

function rename(span: RecordedSpan, by: ReadonlyMap<string, string>, names: HttpNames): void {
  const { attributes } = span;
  const path = attributes.get("url.path");
  if (path !== undefined) {
    const query = attributes.get("url.query");
    attributes.set("http.target", query === undefined ? path : `${path}?${query}`);
  }
  for (const [stable, value] of [...attributes]) {
    const old = by.get(stable);
    if (old !== undefined) attributes.set(old, value);
    const isReplaced = old !== undefined ? old !== stable : stable.startsWith("url.");
    if (names === "old" && isReplaced) attributes.delete(stable);
  }
}
