import { Hono } from "hono";
import { afterEach, describe, expect, it } from "vitest";
import { startTelemetry, type TestTelemetry } from "../testing/start-telemetry.ts";
import { activeSpanContext } from "../tracing/trace-scope.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const ITEM = "https://shop.example:8443/items/7?id=1&token=secret";

const started: TestTelemetry[] = [];

afterEach(async () => {
  for (const telemetry of started.splice(0)) await telemetry.shutdown();
});

function telemetryOf(environment: Record<string, string> = {}): TestTelemetry {
  const telemetry = startTelemetry({ store: "memory", serviceName: "shop", environment });
  started.push(telemetry);
  return telemetry;
}

const inFlight = (telemetry: TestTelemetry) => telemetry.value("http.server.active_requests");

describe("middleware.fetch", () => {
  it("counts, times and traces a request, by the route that the handler names", async () => {
    const telemetry = telemetryOf();
    const handler = telemetry.middleware.fetch(async (request: Request) => {
      telemetry.setRoute(request, "/items/:id");
      await Promise.resolve();
      return Response.json({ trace: activeSpanContext()?.traceId });
    });
    const headers = { traceparent: TRACEPARENT, "user-agent": "probe" };
    const answer = await handler(new Request(ITEM, { headers }));
    expect(await answer.json()).toEqual({ trace: TRACE });
    expect(answer.headers.get("x-avx-trace")).toBe(TRACE);
    const counted = {
      "http.request.method": "GET",
      "http.route": "/items/:id",
      "http.response.status_code": 200,
      "url.scheme": "https",
    };
    expect(await telemetry.value("http.server.request.duration", counted)).toBe(1);
    expect(await inFlight(telemetry)).toBe(0);
    const [span] = telemetry.spans("GET /items/:id");
    expect(span).toMatchObject({ traceId: TRACE, kind: "server", status: "unset" });
    // https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server-span
    expect(Object.fromEntries(span?.attributes ?? [])).toEqual({
      "http.request.method": "GET",
      "http.response.status_code": 200,
      "http.route": "/items/:id",
      "server.address": "shop.example",
      "server.port": 8443,
      "url.path": "/items/7",
      "url.query": "id=1&token=REDACTED",
      "url.scheme": "https",
      "user_agent.original": "probe",
    });
  });

  it("takes the route of one entry of a routing table, and passes on what follows", async () => {
    const telemetry = telemetryOf();
    const seen: unknown[] = [];
    const handler = telemetry.middleware.fetch(
      (_request: Request, server: object) => {
        seen.push(server);
        return new Response("ok");
      },
      { route: "/carts/:cart" },
    );
    const bun = { requestIP: () => ({ address: "10.0.0.7" }) };
    await handler(new Request(ITEM), bun);
    await handler(new Request(ITEM), { remoteAddr: { hostname: "10.0.0.8" } });
    expect(seen[0]).toBe(bun);
    const peers = telemetry.spans("GET /carts/:cart").map((span) => span.attributes);
    expect(peers.map((all) => all.get("client.address"))).toEqual(["10.0.0.7", "10.0.0.8"]);
  });

  it("counts what a handler throws as 500, keeps the error for the span, and throws it on", async () => {
    const telemetry = telemetryOf();
    const handler = telemetry.middleware.fetch(async () => {
      throw new RangeError("sold out");
    });
    await expect(handler(new Request(ITEM))).rejects.toThrow("sold out");
    const failed = { "error.type": "500", "http.response.status_code": 500 };
    expect(await telemetry.value("http.server.request.duration", failed)).toBe(1);
    const [span] = telemetry.spans("GET");
    expect(span?.status).toBe("error");
    expect(span?.events[0]?.attributes.get("exception.message")).toBe("sold out");
    expect(await inFlight(telemetry)).toBe(0);
  });

  it("counts a caller that hangs up before the answer as aborted, once", async () => {
    const telemetry = telemetryOf();
    const caller = new AbortController();
    const answering = Promise.withResolvers<Response>();
    const handler = telemetry.middleware.fetch(() => answering.promise);
    const answered = handler(new Request(ITEM, { signal: caller.signal }));
    expect(await inFlight(telemetry)).toBe(1);
    caller.abort();
    expect(await inFlight(telemetry)).toBe(0);
    answering.resolve(new Response("late"));
    await answered;
    expect(telemetry.requests()).toMatchObject([{ isAborted: true, status: undefined }]);
  });

  it("hears of a caller that hangs up from what Deno hands over, not from the signal", async () => {
    const telemetry = telemetryOf();
    const delivery = Promise.withResolvers<void>();
    const request = new Request(ITEM);
    Object.defineProperty(request, "signal", {
      get: () => {
        throw new Error("Deno warns of this");
      },
    });
    const source = events();
    const handler = telemetry.middleware.fetch(
      (_request: Request, _info: object) => source.response,
    );
    await handler(request, { completed: delivery.promise });
    delivery.reject(new Error("connection closed"));
    await Promise.resolve();
    expect(telemetry.requests()).toMatchObject([{ isAborted: true, status: 200 }]);
  });

  it("leaves anything but a Response as it is, as after an upgrade", async () => {
    const telemetry = telemetryOf();
    const upgraded = telemetry.middleware.fetch(() => undefined);
    expect(await upgraded(new Request(ITEM))).toBeUndefined();
    expect(telemetry.requests()).toMatchObject([{ isAborted: false, status: undefined }]);
  });

  it("names the trace on answers whose headers are fixed, and leaves the rest of them", async () => {
    const telemetry = telemetryOf();
    const moved = telemetry.middleware.fetch(() => Response.redirect("https://shop.example/new"));
    const answer = await moved(new Request(ITEM));
    expect(answer.status).toBe(302);
    expect(answer.headers.get("location")).toBe("https://shop.example/new");
    expect(answer.headers.get("x-avx-trace")).toMatch(/^[0-9a-f]{32}$/);
  });

  it("gives back the very answer, its body untouched, when it is no stream", async () => {
    const telemetry = telemetryOf();
    const whole = new Response("hello", { headers: { "content-length": "5" } });
    const handler = telemetry.middleware.fetch(() => whole);
    expect(await handler(new Request(ITEM))).toBe(whole);
    expect(whole.bodyUsed).toBe(false);
    expect(telemetry.requests()).toMatchObject([{ responseBytes: 5, status: 200 }]);
  });
});

/** A stream of events whose pieces are let out one by one. */
function events() {
  const asked: (() => void)[] = [];
  const cancelled = Promise.withResolvers<unknown>();
  let left = 3;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (left-- > 0) controller.enqueue(new TextEncoder().encode("data: x\n\n"));
        else controller.close();
        asked.push(() => {});
      },
      cancel: (reason) => cancelled.resolve(reason),
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, { headers: { "content-type": "text/event-stream" } });
  return { response, cancelled: cancelled.promise, pulls: () => asked.length };
}

describe("an answer that streams", () => {
  it("is in flight until its last byte, read as slowly as its reader reads", async () => {
    const telemetry = telemetryOf();
    const source = events();
    const answer = await telemetry.middleware.fetch(() => source.response)(new Request(ITEM));
    expect(telemetry.requests()).toEqual([]);
    expect(source.pulls()).toBe(0);
    const reader = answer.body?.getReader();
    await reader?.read();
    expect(source.pulls()).toBe(1);
    expect(await inFlight(telemetry)).toBe(1);
    while (!(await reader?.read())?.done);
    expect(telemetry.requests()).toMatchObject([{ status: 200, responseBytes: 27 }]);
    expect(await inFlight(telemetry)).toBe(0);
  });

  it("is aborted when its reader gives it up, which its source is told", async () => {
    const telemetry = telemetryOf();
    const source = events();
    const answer = await telemetry.middleware.fetch(() => source.response)(new Request(ITEM));
    await answer.body?.cancel("gone");
    expect(await source.cancelled).toBe("gone");
    expect(telemetry.requests()).toMatchObject([{ status: 200, isAborted: true }]);
  });

  it("fails for its reader as it failed", async () => {
    const telemetry = telemetryOf();
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error("disk")),
    });
    const handler = telemetry.middleware.fetch(() => new Response(broken), { waitsForBody: true });
    await expect((await handler(new Request(ITEM))).text()).rejects.toThrow("disk");
    expect(telemetry.requests()).toMatchObject([{ isAborted: true }]);
  });

  it("is any answer, when the handler asks for it", async () => {
    const telemetry = telemetryOf();
    const handler = telemetry.middleware.fetch(() => new Response("grün"), { waitsForBody: true });
    expect(await (await handler(new Request(ITEM))).text()).toBe("grün");
    expect(telemetry.requests()).toMatchObject([{ responseBytes: 5 }]);
  });
});

describe("Hono without node:http", () => {
  it("is measured by its middleware, and counted once under middleware.fetch", async () => {
    const telemetry = telemetryOf();
    const app = new Hono();
    app.use(telemetry.middleware.hono());
    app.get("/items/:id", (context) => context.json({ trace: activeSpanContext()?.traceId }));
    app.get("/fail", () => {
      throw new Error("failed");
    });
    app.onError((_error, context) => context.text("failed", 500));
    const headers = { traceparent: TRACEPARENT };
    const direct = await app.fetch(new Request(ITEM, { headers }));
    expect(await direct.json()).toEqual({ trace: TRACE });
    expect(direct.headers.get("x-avx-trace")).toBe(TRACE);
    await telemetry.middleware.fetch(app.fetch)(new Request(ITEM));
    await app.fetch(new Request("https://shop.example/fail"));
    await app.fetch(new Request("https://shop.example/nowhere"));
    expect(telemetry.requests().map(({ route, status }) => [route, status])).toEqual([
      ["/items/:id", 200],
      ["/items/:id", 200],
      ["/fail", 500],
      [undefined, 404],
    ]);
    expect(telemetry.spans("GET /fail")[0]?.events[0]?.name).toBe("exception");
  });
});
