import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { listening } from "../testing/otlp-sink.ts";
import { startTelemetry } from "../testing/start-telemetry.ts";
import { httpNames } from "./http-names.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** One request to a server, both observed, under this opt-in. */
async function requested(optIn: string) {
  const telemetry = startTelemetry({
    store: "memory",
    environment: { OTEL_SEMCONV_STABILITY_OPT_IN: optIn },
  });
  const server = createServer(
    telemetry.middleware.nodeHttp((request, response) => {
      telemetry.setRoute(request, "/items/:id");
      response.end("ok");
    }),
  );
  const origin = await listening(server);
  cleanups.push(
    () => telemetry.shutdown(),
    () => new Promise((resolve) => server.close(resolve)),
    async () => server.closeAllConnections(),
  );
  await (await fetch(`${origin}/items/7?page=2`)).text();
  await telemetry.settled();
  const attributesOf = (kind: string) =>
    Object.fromEntries(telemetry.spans().find((span) => span.kind === kind)?.attributes ?? []);
  const counts = async (name: string, attributes = {}) => telemetry.value(name, attributes);
  return { port: Number(new URL(origin).port), origin, attributesOf, counts };
}

const OLD = { "http.method": "GET", "http.status_code": 200 };
const STABLE = { "http.request.method": "GET", "http.response.status_code": 200 };

describe("OTEL_SEMCONV_STABILITY_OPT_IN", () => {
  it("is stable unless it asks for old names", () => {
    expect(httpNames({})).toBe("stable");
    const named = (text: string) => httpNames({ OTEL_SEMCONV_STABILITY_OPT_IN: text });
    expect(named("http")).toBe("stable");
    expect(named("database/dup")).toBe("stable");
    expect(named("database, HTTP/dup")).toBe("both");
    expect(named("http/old")).toBe("old");
  });

  it("http gives stable names only", async () => {
    const { attributesOf, counts } = await requested("http");
    expect(attributesOf("server")).toMatchObject({ ...STABLE, "url.path": "/items/7" });
    expect(attributesOf("server")).not.toHaveProperty("http.method");
    expect(await counts("http.server.request.duration", STABLE)).toBe(1);
    expect(await counts("http.server.duration")).toBe(0);
  });

  it("http/dup gives both, in spans and metrics of both sides", async () => {
    const { attributesOf, counts, port, origin } = await requested("http/dup");
    expect(attributesOf("server")).toMatchObject({
      ...STABLE,
      ...OLD,
      "url.path": "/items/7",
      "http.target": "/items/7?page=2",
      "http.route": "/items/:id",
      "http.scheme": "http",
      "http.flavor": "1.1",
      "net.host.name": "127.0.0.1",
      "net.host.port": port,
    });
    expect(attributesOf("client")).toMatchObject({
      ...STABLE,
      ...OLD,
      "http.url": `${origin}/items/7?page=2`,
      "net.peer.name": "127.0.0.1",
      "net.peer.port": port,
    });
    expect(await counts("http.server.request.duration", STABLE)).toBe(1);
    expect(await counts("http.server.duration", { ...OLD, "http.route": "/items/:id" })).toBe(1);
    expect(await counts("http.client.request.duration", STABLE)).toBe(1);
    expect(await counts("http.client.duration", { ...OLD, "net.peer.port": port })).toBe(1);
  });

  it("http/old gives old names only", async () => {
    const { attributesOf, counts } = await requested("http/old");
    for (const side of ["server", "client"]) {
      const attributes = attributesOf(side);
      expect(attributes).toMatchObject(OLD);
      const stable = Object.keys(attributes).filter((name) =>
        /^(url|server|network|client|user_agent|http\.re)\b/.test(name),
      );
      expect(stable).toEqual([]);
    }
    expect(await counts("http.server.duration", OLD)).toBe(1);
    expect(await counts("http.server.request.duration")).toBe(0);
    expect(await counts("http.client.duration", OLD)).toBe(1);
    expect(await counts("http.client.request.duration")).toBe(0);
  });
});
