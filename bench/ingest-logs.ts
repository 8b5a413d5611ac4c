/**
 * Log records from the socket to durable storage: OTLP/HTTP protobuf requests of 1000 records, two
 * senders at once, each record with a line of text and seven attributes, one in two with the ids of
 * a span. Figures as those of ingest-spans; best of the rounds. Prints one JSON line.
 * Usage: node bench/ingest-logs.ts [rounds, default 3] [requests, default 400]
 */
import type { LogRecord } from "@avx/model";
import { encodeOtlpLogsProtobuf } from "@avx/wire";
import { bestRound } from "./otlp-load.ts";

const RECORDS_PER_REQUEST = 1000;

/** The records of one process within the last second; the numbers tell the requests apart. */
function logRequest(request: number): Uint8Array<ArrayBuffer> {
  const resource = {
    attributes: new Map([
      ["service.name", `service-${request % 20}`],
      ["k8s.pod.name", `pod-${request % 200}`],
      ["host.name", `host-${request % 17}`],
      ["deployment.environment.name", "prod"],
    ]),
  };
  const scope = { name: "http", version: "1.0.0", attributes: new Map() };
  const nowNano = BigInt(Date.now()) * 1_000_000n;
  const records = Array.from({ length: RECORDS_PER_REQUEST }, (_, i): LogRecord => {
    const number = request * RECORDS_PER_REQUEST + i + 1;
    const isError = i % 31 === 0;
    const hasIds = i % 2 === 0;
    return {
      timeUnixNano: nowNano - BigInt(number % 1_000_000) * 1000n,
      observedUnixNano: nowNano,
      severityNumber: isError ? 17 : 9,
      severityText: isError ? "ERROR" : "INFO",
      body: `GET /api/v${i % 13}/items/${number} answered in ${(number * 7) % 997} ms`,
      attributes: new Map<string, string | number>([
        ["http.route", `/api/v${i % 13}/items/{id}`],
        ["http.response.status_code", isError ? 500 : 200],
        ["user.id", String((number * 7919) % 1_000_000)],
      ]),
      traceId: hasIds ? number.toString(16).padStart(32, "a") : "",
      spanId: hasIds ? number.toString(16).padStart(16, "b") : "",
      eventName: "",
      ...{ resource, scope },
    };
  });
  return new Uint8Array(encodeOtlpLogsProtobuf(records));
}

const rounds = Number(process.argv[2] ?? 3);
const requests = Number(process.argv[3] ?? 400);
const { itemsPerSecond, ...costs } = await bestRound(rounds, () => ({
  path: "/v1/logs",
  bodies: Array.from({ length: requests }, (_, i) => logRequest(i)),
  itemsPerRequest: RECORDS_PER_REQUEST,
}));
const bytesPerRecord = logRequest(0).length / RECORDS_PER_REQUEST;
const figures = { rounds, requests, bytesPerRecord, recordsPerSecond: itemsPerSecond, ...costs };
process.stdout.write(`${JSON.stringify(figures)}\n`);
