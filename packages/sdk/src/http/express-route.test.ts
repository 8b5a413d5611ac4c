import { createServer } from "node:http";
import express from "express";
import { afterEach, describe, expect, it } from "vitest";
import { initTelemetry } from "../init-telemetry.ts";
import { listening } from "../testing/otlp-sink.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** The route under which one request is counted. */
async function routeOf(path: string, setUp: (app: express.Express) => void) {
  const none = "none";
  const telemetry = initTelemetry({
    environment: {
      OTEL_METRICS_EXPORTER: none,
      OTEL_TRACES_EXPORTER: none,
      OTEL_LOGS_EXPORTER: none,
    },
    runtimeMetrics: false,
  });
  const route = new Promise<string | undefined>((resolve) => {
    telemetry.onRequest((request) => resolve(request.route));
  });
  const app = express();
  app.use(telemetry.middleware.express());
  setUp(app);
  // biome-ignore lint/complexity/useMaxParams: four parameters make it an error handler
  app.use(((_error, _request, response, _next) => {
    response.status(500).end();
  }) satisfies express.ErrorRequestHandler);
  const server = createServer(app);
  const origin = await listening(server);
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await telemetry.shutdown();
  });
  await (await fetch(`${origin}${path}`)).text();
  return route;
}

const ok: express.RequestHandler = (_request, response) => {
  response.end("ok");
};

describe("routes of Express", () => {
  it("of mounted routers are joined", async () => {
    const router = express.Router().get("/orders/:order", ok);
    expect(await routeOf("/api/orders/7", (app) => app.use("/api", router))).toBe(
      "/api/orders/:order",
    );
  });

  it("turn parameters in a mount path back into names", async () => {
    const orders = express.Router({ mergeParams: true }).get("/:order", ok);
    const users = express.Router({ mergeParams: true }).use("/:user/orders", orders);
    const path = "/users/anna%20m/orders/7";
    expect(await routeOf(path, (app) => app.use("/users", users))).toBe(
      "/users/:user/orders/:order",
    );
  });

  it("stay whole when a handler fails and the error handler sees the base path reset", async () => {
    const router = express.Router().get("/:id", () => {
      throw new Error("failed");
    });
    expect(await routeOf("/items/42", (app) => app.use("/items", router))).toBe("/items/:id");
  });

  it("of a router's own root are its mount path", async () => {
    const router = express.Router().get("/", ok);
    expect(await routeOf("/items", (app) => app.use("/items", router))).toBe("/items");
    expect(await routeOf("/", (app) => app.get("/", ok))).toBe("/");
  });

  it("keep wildcards and expressions as they were written", async () => {
    expect(await routeOf("/files/a/b", (app) => app.get("/files/*rest", ok))).toBe("/files/*rest");
    expect(await routeOf("/v12", (app) => app.get(/^\/v\d+$/, ok))).toBe("^\\/v\\d+$");
  });

  it("are absent when only middleware answered", async () => {
    expect(await routeOf("/secret/42", (app) => app.use("/secret", ok))).toBeUndefined();
  });
});
