import type { IncomingHttpHeaders } from "node:http";

/** Headers of one connection, not of the message: RFC 9110 section 7.6.1, and older habits. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * What a caller may not say about itself: the gateway is the edge, so forwarding headers are set
 * anew. Trace headers are written by the SDK for the gateway's own span. `expect` was answered.
 */
const SET_ANEW = new Set([
  "host",
  "expect",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "traceparent",
  "tracestate",
]);

const AVX_PREFIX = "x-avx-";

/** Facts of the inbound connection. */
export interface InboundConnection {
  readonly peerAddress: string | undefined;
  readonly scheme: string;
  /** The gateway's own `x-avx-*` headers. */
  readonly contextHeaders: readonly (readonly [string, string])[];
}

/** The headers of the request to the upstream. */
export function upstreamRequestHeaders(
  inbound: IncomingHttpHeaders,
  connection: InboundConnection,
): Record<string, string | string[]> {
  const headers = endToEnd(inbound, (name) => SET_ANEW.has(name));
  if (connection.peerAddress !== undefined) headers["x-forwarded-for"] = connection.peerAddress;
  if (inbound.host !== undefined) headers["x-forwarded-host"] = inbound.host;
  headers["x-forwarded-proto"] = connection.scheme;
  headers["via"] = withVia(headers["via"]);
  for (const [name, value] of connection.contextHeaders) headers[name] = value;
  return headers;
}

/** The upstream's headers as the caller gets them; `x-avx-*` are the gateway's own there too. */
export function callerResponseHeaders(
  upstream: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  return endToEnd(upstream, () => false);
}

function endToEnd(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  isDropped: (name: string) => boolean,
): Record<string, string | string[]> {
  const named = connectionNames(headers["connection"]);
  // Without a prototype: a header may be called `__proto__`.
  const kept: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HOP_BY_HOP.has(name) || named.has(name)) continue;
    if (name.startsWith(AVX_PREFIX) || isDropped(name)) continue;
    kept[name] = value;
  }
  return kept;
}

/** The headers that `Connection` declares to be of this hop only. */
function connectionNames(connection: string | string[] | undefined): Set<string> {
  const text = Array.isArray(connection) ? connection.join(",") : (connection ?? "");
  return new Set(text.split(",").map((name) => name.trim().toLowerCase()));
}

function withVia(present: string | string[] | undefined): string {
  const before = Array.isArray(present) ? present.join(", ") : present;
  return before === undefined ? "1.1 avx-gateway" : `${before}, 1.1 avx-gateway`;
}
