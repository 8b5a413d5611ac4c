/**
 * Spans from the socket to durable storage: OTLP/HTTP protobuf requests of 1000 spans, two senders
 * at once, each span with nine attributes and one in six with an event. Spans a second until the
 * last answer, and CPU seconds a million spans of all processes until they have settled as rows;
 * best of the rounds. Prints one JSON line.
 * Usage: node bench/ingest-spans.ts [rounds, default 3] [requests, default 400]
 */
import { bestRound } from "./otlp-load.ts";
import { SPANS_PER_REQUEST, spanRequest } from "./span-requests.ts";

const rounds = Number(process.argv[2] ?? 3);
const requests = Number(process.argv[3] ?? 400);
const { itemsPerSecond, ...costs } = await bestRound(rounds, () => ({
  path: "/v1/traces",
  bodies: Array.from({ length: requests }, (_, i) => spanRequest(i)),
  itemsPerRequest: SPANS_PER_REQUEST,
}));
const bytesPerSpan = spanRequest(0).length / SPANS_PER_REQUEST;
const figures = { rounds, requests, bytesPerSpan, spansPerSecond: itemsPerSecond, ...costs };
process.stdout.write(`${JSON.stringify(figures)}\n`);
