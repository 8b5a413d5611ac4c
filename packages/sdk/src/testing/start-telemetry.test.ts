import { createServer } from "node:http";
import { SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import {
  service,
  sloBreaches,
  sloMatchers,
  startTelemetry,
  type TestTelemetry,
} from "../testing.ts";
import { listening } from "./otlp-sink.ts";
import { serviceSummary } from "./service-summary.ts";

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function started(options: Partial<Parameters<typeof startTelemetry>[0]> = {}): TestTelemetry {
  const telemetry = startTelemetry({ store: "memory", serviceName: "cart", ...options });
  cleanups.push(() => telemetry.shutdown());
  return telemetry;
}

async function serving(telemetry: TestTelemetry): Promise<string> {
  const server = createServer(
    telemetry.middleware.nodeHttp((request, response) => {
      telemetry.setRoute(request, "/items/:id");
      telemetry.metrics.createCounter("items.seen").add(1, { shop: "web" });
      telemetry.log.info("seen");
      response.writeHead(request.url === "/items/0" ? 500 : 200).end();
    }),
  );
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listening(server);
}

describe("startTelemetry in a test", () => {
  it("shows spans, metrics, logs and requests of what was called", async () => {
    const telemetry = started();
    const origin = await serving(telemetry);
    for (const id of [0, 1, 2]) await (await fetch(`${origin}/items/${id}`)).text();
    await telemetry.settled();

    const servers = telemetry.spans("GET /items/:id");
    expect(servers.map(({ status }) => status)).toEqual(["error", "unset", "unset"]);
    expect(servers[0]?.resource.attributes.get("service.name")).toBe("cart");
    expect(await telemetry.value("items.seen", { shop: "web" })).toBe(3);
    expect(await telemetry.value("items.seen", { shop: "app" })).toBe(0);
    const [ok] = await telemetry.readings("http.server.request.duration", {
      "http.response.status_code": 200,
    });
    expect(ok).toMatchObject({ value: 2, attributes: { "http.route": "/items/:id" } });
    expect(telemetry.logs().map(({ message }) => message)).toEqual(["seen", "seen", "seen"]);
    expect(telemetry.logs()[0]?.traceId).toBe(servers[0]?.traceId);
    expect(service("cart")).toMatchObject({ name: "cart", requests: 3, errors: 1 });
  });

  it("begins anew after clear, and without what an earlier test did", async () => {
    const telemetry = started();
    telemetry.tracer.startSpan("before").end();
    telemetry.clear();
    telemetry.tracer.startSpan("after").end();
    expect(telemetry.spans().map(({ name }) => name)).toEqual(["after"]);
  });

  it("takes what libraries report to the API when it is registered", () => {
    const telemetry = started({ register: true });
    const span = trace.getTracer("pg-like").startSpan("query");
    span.setStatus({ code: SpanStatusCode.ERROR, message: "no table" }).end();
    expect(telemetry.spans("query")).toMatchObject([
      { status: "error", statusMessage: "no table", scope: { name: "pg-like" } },
    ]);
  });

  it("adds up services of one name and says which there are", () => {
    started();
    expect(service("cart")).toMatchObject({ requests: 0, p99Ms: Number.NaN });
    expect(() => service("basket")).toThrow("no telemetry of basket is started, only of: cart");
  });
});

describe("toMeetSlo", () => {
  const outcome = {
    method: "GET",
    scheme: "http",
    route: undefined,
    protocolVersion: "1.1",
  } as const;
  /** A hundred requests of 1 to 100 ms; the slowest of them failed. */
  const requests = Array.from({ length: 100 }, (_, i) => ({
    ...outcome,
    status: i === 99 ? 503 : 200,
    isAborted: false,
    timestampMs: i,
    durationMs: i + 1,
    responseBytes: 0,
  }));
  const cart = serviceSummary("cart", requests);

  it("compares exact percentiles by nearest rank", () => {
    expect(cart).toMatchObject({ p50Ms: 50, p90Ms: 90, p99Ms: 99, maxMs: 100, meanMs: 50.5 });
    expect(cart.errorRatio).toBe(0.01);
  });

  it("passes at the limit and fails beyond it, saying by how much", () => {
    expect(sloMatchers.toMeetSlo(cart, { p99Ms: 99, errorRatio: 0.01 }).pass).toBe(true);
    const { pass, message } = sloMatchers.toMeetSlo(cart, { p99Ms: 50, errorRatio: 0 });
    expect(pass).toBe(false);
    expect(message()).toBe("cart has p99Ms 99, over 50; cart has errorRatio 0.01, over 0");
  });

  it("fails without requests: nothing was shown", () => {
    expect(sloBreaches(serviceSummary("cart", []), { p99Ms: 50 })).toEqual([
      "cart had 0 requests, fewer than 1",
    ]);
  });
});
