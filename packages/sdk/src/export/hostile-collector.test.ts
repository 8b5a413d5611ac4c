import { createServer, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";
import { listening } from "../testing/otlp-sink.ts";

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Writes for as long as somebody reads. */
function endless(response: ServerResponse, piece: Buffer): void {
  const write = (): void => {
    while (!response.destroyed && response.write(piece));
    response.once("drain", write);
  };
  write();
}

interface Answer {
  readonly answer: (response: ServerResponse) => unknown;
  /** What the SDK says of it; undefined when the items count as taken. */
  readonly says: string | undefined;
}

/** Collectors that no client should suffer from. Each attempt may take 300 ms. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  "never answers": { answer: () => {}, says: "timeout" },
  "hangs up": { answer: (response) => response.destroy(), says: "ECONNRESET" },
  "answers 413": { answer: (response) => response.writeHead(413).end(), says: "HTTP 413" },
  "redirects for ever": {
    answer: (response) => response.writeHead(307, { location: "/v1/traces" }).end(),
    says: "HTTP 307",
  },
  "asks for a pause of years": {
    answer: (response) => response.writeHead(429, { "retry-after": "999999999" }).end(),
    says: "HTTP 429",
  },
  "asks for a pause in no words": {
    answer: (response) => response.writeHead(503, { "retry-after": "soon" }).end(),
    says: "HTTP 503",
  },
  "answers bytes of no format": {
    answer: (response) => response.end(Buffer.of(255, 255, 255, 255, 0)),
    says: undefined,
  },
  "answers a page": {
    answer: (response) => response.writeHead(200, { "content-type": "text/html" }).end("<p>hello"),
    says: undefined,
  },
  "answers without end": {
    answer: (response) => endless(response, Buffer.alloc(65_536)),
    says: undefined,
  },
  "answers a byte now and then": {
    answer: (response) => response.writeHead(200).write("x"),
    says: "timeout",
  },
};

describe.each(Object.entries(ANSWERS))("a collector that %s", (_name, { answer, says }) => {
  it("costs what was sent to it, and neither time nor an error", async () => {
    const server = createServer((request, response) => {
      request.resume().on("end", () => answer(response));
    });
    servers.push(server);
    const lines: string[] = [];
    const telemetry = initTelemetry({
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: await listening(server),
        OTEL_EXPORTER_OTLP_TIMEOUT: "300",
        // No second attempt: its pause would be longer.
        OTEL_BSP_EXPORT_TIMEOUT: "400",
        OTEL_METRICS_EXPORTER: "none",
        OTEL_LOGS_EXPORTER: "none",
      },
      runtimeMetrics: false,
      writeLog: (line) => lines.push(JSON.parse(line).msg),
    });
    telemetry.tracer.startSpan("work").end();
    await telemetry.flush();
    const { text } = await telemetry.renderMetrics();
    const outcome = says === undefined ? "sent" : "failed";
    expect(text).toContain(`avx_sdk_export_items_total{outcome="${outcome}",signal="traces"} 1`);
    expect(lines).toEqual(says === undefined ? [] : [`cannot export traces: ${says}`]);
    await telemetry.shutdown();
  });
});
