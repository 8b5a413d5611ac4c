import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import Router from "@koa/router";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { afterEach, describe, expect, it } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";
import type { Telemetry } from "../telemetry.ts";
import { answerByHand, listening, requestAndHangUp } from "../testing/otlp-sink.ts";
import { activeSpanContext } from "../tracing/trace-scope.ts";
import { nestServer } from "./nest-server.ts";
import type { FinishedRequest } from "./server-observation.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;

/** A server with `/items/:id` (200), `/fail` (500) and `/hang` (no answer), in one framework. */
type Build = (telemetry: Telemetry, onHang: () => void) => Promise<Server>;

const frameworks: Record<string, Build> = {
  "node:http": async (telemetry, onHang) =>
    createServer(
      telemetry.middleware.nodeHttp(async (request: IncomingMessage, response: ServerResponse) => {
        const path = request.url ?? "";
        if (path.startsWith("/items/")) {
          telemetry.setRoute(request, "/items/:id");
          for await (const _ of request);
          response.end(JSON.stringify({ trace: activeSpanContext()?.traceId }));
        } else if (path === "/hang") onHang();
        else if (path === "/fail") response.writeHead(500).end("failed");
        else response.writeHead(404).end();
      }),
    ),
  "Express 5": async (telemetry, onHang) => {
    const app = express();
    app.use(telemetry.middleware.express());
    app.use(express.json());
    app.all("/items/:id", (_request, response) => {
      response.json({ trace: activeSpanContext()?.traceId });
    });
    app.get("/hang", () => onHang());
    app.get("/fail", () => {
      throw new Error("failed");
    });
    // biome-ignore lint/complexity/useMaxParams: four parameters make it an error handler
    app.use(((_error, _request, response, _next) => {
      response.status(500).end("failed");
    }) satisfies express.ErrorRequestHandler);
    return createServer(app);
  },
  "Fastify 5": async (telemetry, onHang) => {
    const app = fastify();
    await app.register(telemetry.middleware.fastify());
    app.all("/items/:id", async () => ({ trace: activeSpanContext()?.traceId }));
    app.get("/hang", () => {
      onHang();
      return new Promise(() => {});
    });
    app.get("/fail", () => {
      throw new Error("failed");
    });
    await app.ready();
    return app.server;
  },
  "Koa 3": async (telemetry, onHang) => {
    const router = new Router();
    router.all("/items/:id", async (context) => {
      for await (const _ of context.req);
      context.body = { trace: activeSpanContext()?.traceId };
    });
    router.get("/hang", () => {
      onHang();
      return new Promise(() => {});
    });
    router.get("/fail", () => {
      throw new Error("failed");
    });
    const app = new Koa();
    app.silent = true;
    app.use(telemetry.middleware.koa()).use(router.routes());
    return createServer(app.callback());
  },
  "Hono 4": async (telemetry, onHang) => {
    const app = new Hono();
    app.use(telemetry.middleware.hono());
    app.all("/items/:id", async (context) => {
      await context.req.text();
      return context.json({ trace: activeSpanContext()?.traceId });
    });
    app.get("/hang", () => {
      onHang();
      return new Promise(() => {});
    });
    app.get("/fail", () => {
      throw new Error("failed");
    });
    app.onError((_error, context) => context.text("failed", 500));
    return createServer(getRequestListener(app.fetch));
  },
  "NestJS 12": nestServer,
};

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function started(build: Build, variables: Record<string, string> = {}) {
  const telemetry = initTelemetry({
    serviceName: "shop",
    context: { stack: "Avx", mesh: "internal" },
    environment: {
      OTEL_METRICS_EXPORTER: "none",
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      ...variables,
    },
    runtimeMetrics: false,
    writeLog: () => {},
  });
  const finished: FinishedRequest[] = [];
  let wake = (): void => {};
  telemetry.onRequest((request) => {
    finished.push(request);
    wake();
  });
  const hanging = Promise.withResolvers<void>();
  const server = await build(telemetry, hanging.resolve);
  const origin = await listening(server);
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await telemetry.shutdown();
  });
  const ended = async (count: number): Promise<FinishedRequest[]> => {
    while (finished.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return finished;
  };
  const metrics = async () => (await telemetry.renderMetrics()).text;
  return { telemetry, origin, ended, hanging: hanging.promise, metrics };
}

describe.each(Object.entries(frameworks))("requests of %s", (_name, build) => {
  it("are timed by route template, never by path", async () => {
    const { origin, ended, metrics } = await started(build);
    for (const id of [1, 2, 3]) await (await fetch(`${origin}/items/${id}`)).text();
    await ended(3);
    const text = await metrics();
    const line = /^http_server_request_duration_seconds_count\{(.*)\} 3$/m.exec(text)?.[1];
    expect(line?.split(",").sort()).toEqual([
      'http_request_method="GET"',
      'http_response_status_code="200"',
      'http_route="/items/:id"',
      'network_protocol_version="1.1"',
      'url_scheme="http"',
    ]);
    expect(text).not.toContain("/items/1");
  });

  it("continue the caller's trace, in the handler too, and name it in x-avx-trace", async () => {
    const { origin } = await started(build);
    const response = await fetch(`${origin}/items/1`, {
      method: "POST",
      body: '{"a": 1}',
      headers: { traceparent: TRACEPARENT, "content-type": "application/json" },
    });
    // After a body was read, the handler runs in events of the socket: the context must hold.
    expect(await response.json()).toEqual({ trace: TRACE });
    expect(response.headers.get("x-avx-trace")).toBe(TRACE);
    expect(response.headers.get("x-avx-stack")).toBe("Avx");
    expect(response.headers.get("x-avx-mesh")).toBe("internal");
    expect(response.headers.get("x-avx-layer")).toBeNull();
  });

  it("start a trace of their own when the header is invalid", async () => {
    const { origin } = await started(build);
    const headers = { traceparent: TRACEPARENT.toUpperCase() };
    const response = await fetch(`${origin}/items/1`, { headers });
    expect(response.headers.get("x-avx-trace")).toMatch(/^[0-9a-f]{32}$/);
    expect(response.headers.get("x-avx-trace")).not.toBe(TRACE);
  });

  it("cost no trace of their own when only metrics are wanted, but pass a caller's on", async () => {
    const { origin, ended, metrics } = await started(build, { OTEL_TRACES_SAMPLER: "always_off" });
    const own = await answerByHand(origin, "/items/1");
    expect(own).not.toContain("x-avx-trace");
    expect(own).toMatch(/\r\n\r\n(?:[0-9a-f]+\r\n)?\{\}/);
    const traced = await fetch(`${origin}/items/1`, { headers: { traceparent: TRACEPARENT } });
    expect(await traced.json()).toEqual({ trace: TRACE });
    await ended(2);
    expect(await metrics()).toMatch(/^http_server_request_duration_seconds_count\{.*\} 2$/m);
  });

  it("count a 500 as an error and a 404 without route as none", async () => {
    const { origin, ended, metrics } = await started(build);
    expect((await fetch(`${origin}/fail`)).status).toBe(500);
    expect((await fetch(`${origin}/nowhere/42`)).status).toBe(404);
    const finished = await ended(2);
    expect(finished.map(({ status }) => status)).toEqual([500, 404]);
    expect(finished[1]?.route).toBeUndefined();
    const text = await metrics();
    expect(text).toMatch(/duration_seconds_count\{error_type="500",[^}]*status_code="500"/);
    expect(text).toMatch(
      /duration_seconds_count\{http_request_method="GET",http_response_status_code="404"/,
    );
    expect(text).not.toContain("nowhere");
  });

  it("leave nothing in flight when the client hangs up", async () => {
    const { origin, ended, hanging, metrics } = await started(build);
    const gone = requestAndHangUp(origin, "/hang", hanging);
    await hanging;
    const during = await metrics();
    expect(during).toMatch(/^http_server_active_requests\{[^}]*\} 1$/m);
    expect(during).toContain(
      `http_server_open_connections{server_port="${new URL(origin).port}"} 1`,
    );
    await gone;
    const [request] = await ended(1);
    expect(request).toMatchObject({ isAborted: true, status: undefined });
    const text = await metrics();
    expect(text).toMatch(/^http_server_active_requests\{[^}]*\} 0$/m);
    expect(text).toMatch(/duration_seconds_count\{error_type="aborted",/);
  });

  it("survive a listener that throws", async () => {
    const { telemetry, origin, ended, metrics } = await started(build);
    telemetry.onRequest(() => {
      throw new Error("a broken listener");
    });
    await (await fetch(`${origin}/items/1`)).text();
    await (await fetch(`${origin}/items/2`)).text();
    await ended(2);
    expect(await metrics()).toMatch(/^http_server_active_requests\{[^}]*\} 0$/m);
  });

  it("count invented methods as one", async () => {
    const { origin, ended, metrics } = await started(build);
    await fetch(`${origin}/items/1`, { method: "PROPFIND" });
    await ended(1);
    expect(await metrics()).toContain('http_request_method="_OTHER"');
  });
});
