import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect } from "node:net";
import { initTelemetry } from "@avx/sdk";
import { afterEach, describe, expect, it } from "vitest";
import { buildGateway } from "./app.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server has one
}

interface GatewayParts {
  readonly upstream?: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upstreamOrigin?: string;
  readonly timeoutMs?: number;
}

/** A gateway on a real socket, in front of `upstream`. */
async function gateway({ upstream, upstreamOrigin, timeoutMs = 5000 }: GatewayParts) {
  const origin = upstreamOrigin ?? (await listening(createServer(upstream)));
  const none = {
    OTEL_METRICS_EXPORTER: "none",
    OTEL_TRACES_EXPORTER: "none",
    OTEL_LOGS_EXPORTER: "none",
  };
  const telemetry = initTelemetry({
    serviceName: "avx-gateway",
    context: { stack: "Avx", layer: "deep" },
    environment: none,
    runtimeMetrics: false,
    writeLog: () => {},
  });
  let nowMs = Date.now();
  const app = await buildGateway({
    telemetry,
    upstream: origin,
    upstreamTimeoutMs: timeoutMs,
    nowMs: () => nowMs,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  cleanups.push(async () => {
    await app.close();
    await telemetry.shutdown();
  });
  const advance = (ms: number): void => {
    nowMs = Date.now() + ms;
  };
  const json = async (path: string) => (await fetch(url + path)).json();
  return { url, json, advance, app, telemetry };
}

/** The origin of a port on which nothing listens. */
async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

describe("the proxy", () => {
  it("passes method, path, query, body and status on, and sets x-avx-* and x-forwarded-* anew", async () => {
    const seen: {
      method?: string;
      url?: string;
      headers: IncomingMessage["headers"];
      body: string;
    }[] = [];
    const { url } = await gateway({
      upstream: async (inbound, response) => {
        let body = "";
        for await (const chunk of inbound) body += chunk;
        const { method = "", url: path = "", headers } = inbound;
        seen.push({ method, url: path, headers, body });
        response.writeHead(201, { "x-avx-layer": "core", "set-cookie": ["a=1", "b=2"], etag: "7" });
        response.end("made");
      },
    });
    const answer = await fetch(`${url}/core/orders?x=%20y&x=2`, {
      method: "POST",
      body: '{"item":1}',
      headers: { "x-avx-stack": "forged", "x-avx-admin": "1", "content-type": "application/json" },
    });
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe("made");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(answer.headers.get("etag")).toBe("7");
    expect(answer.headers.get("x-avx-layer")).toBe("deep");
    expect(seen[0]).toMatchObject({
      method: "POST",
      url: "/core/orders?x=%20y&x=2",
      body: '{"item":1}',
    });
    expect(seen[0]?.headers).toMatchObject({
      "x-avx-stack": "Avx",
      "x-avx-layer": "deep",
      "x-avx-trace": answer.headers.get("x-avx-trace"),
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-proto": "http",
      "x-forwarded-host": new URL(url).host,
    });
    expect(seen[0]?.headers["x-avx-admin"]).toBeUndefined();
    expect(seen[0]?.headers.host).not.toBe(new URL(url).host);
    // The upstream's parent is a span of the gateway in the same trace, not the caller's header.
    const trace = seen[0]?.headers["traceparent"];
    expect(trace).toMatch(new RegExp(`^00-${answer.headers.get("x-avx-trace")}-[0-9a-f]{16}-01$`));
  });

  it("streams both ways: the first piece arrives before the last is sent", async () => {
    const { url } = await gateway({
      upstream: (inbound, response) => {
        response.writeHead(200);
        inbound.on("data", (chunk) => response.write(`got ${chunk};`));
        inbound.on("end", () => response.end("end"));
      },
    });
    const pieces: string[] = [];
    await new Promise<void>((resolve, reject) => {
      const call = request(`${url}/core/stream`, { method: "POST" }, (response) => {
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          pieces.push(piece);
          if (pieces.length === 1) call.end("two");
        });
        response.on("end", resolve);
      });
      call.on("error", reject);
      call.write("one");
    });
    expect(pieces[0]).toBe("got one;");
    expect(pieces.join("")).toBe("got one;got two;end");
  });

  it("answers 504 when the upstream takes too long", async () => {
    const { url } = await gateway({ upstream: () => {}, timeoutMs: 50 });
    const answer = await fetch(`${url}/core/ping`);
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ status: "error", code: "upstream_timeout" });
  });

  it("answers 502 when nobody listens, and when the upstream hangs up", async () => {
    const down = await gateway({ upstreamOrigin: await nobody() });
    const refused = await fetch(`${down.url}/core/ping`);
    expect(refused.status).toBe(502);
    expect(await refused.json()).toMatchObject({ code: "upstream_unavailable" });
    const rude = await gateway({ upstream: (inbound) => inbound.socket.destroy() });
    expect((await fetch(`${rude.url}/core/ping`)).status).toBe(502);
  });

  it("cuts the answer when the upstream dies in the middle of it", async () => {
    const { url } = await gateway({
      upstream: (_inbound, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("half");
        setImmediate(() => response.socket?.destroy());
      },
    });
    const answer = await fetch(`${url}/core/ping`);
    await expect(answer.text()).rejects.toThrow();
  });

  it("lets go of the upstream when the caller leaves", async () => {
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const { url, telemetry } = await gateway({
      upstream: (_inbound, response) => {
        response.on("close", left.resolve);
        arrived.resolve();
      },
    });
    const caller = new AbortController();
    const call = fetch(`${url}/core/ping`, { signal: caller.signal });
    await arrived.promise;
    caller.abort();
    await expect(call).rejects.toThrow();
    await left.promise;
    const { text } = await telemetry.renderMetrics();
    expect(text).toMatch(/http_server_active_requests\{[^}]*\} 0/);
  });

  it("passes answers without a body and HEAD requests on", async () => {
    const { url } = await gateway({
      upstream: (inbound, response) => {
        if (inbound.method === "HEAD") response.writeHead(200, { "content-length": "5" }).end();
        else response.writeHead(304, { etag: "7" }).end();
      },
    });
    expect((await fetch(`${url}/x`)).status).toBe(304);
    const head = await fetch(`${url}/x`, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe("5");
  });
});

/** Sends bytes as they are; gives the whole answer. */
async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.end(bytes);
  let answer = "";
  for await (const chunk of socket) answer += chunk;
  return answer;
}

describe("hostile requests", () => {
  it.each([
    ["a target that is a whole URL", "GET http://elsewhere/x HTTP/1.1", 400, "bad_request"],
    ["a path that is no URL", "GET /%zz HTTP/1.1", 400, "bad_request"],
    ["a method of which the proxy knows nothing", "PROPFIND /x HTTP/1.1", 404, "not_found"],
  ])("%s is answered with a typed error", async (...row) => {
    const [, line, status, code] = row;
    let reached = 0;
    const { url } = await gateway({
      upstream: (_inbound, response) => {
        reached++;
        response.end();
      },
    });
    const answer = await raw(url, `${line}\r\nhost: a\r\nconnection: close\r\n\r\n`);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(`"code":"${code}"`);
    expect(reached).toBe(0);
  });

  it("cannot smuggle a second request behind a first one", async () => {
    const seen: string[] = [];
    const { url } = await gateway({
      upstream: (inbound, response) => {
        seen.push(inbound.url ?? "");
        inbound.resume();
        response.end();
      },
    });
    const head =
      "POST /a HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n";
    const answer = await raw(url, `${head}0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(seen).toEqual([]);
  });
});

describe("the gateway's own routes", () => {
  it("say that there is no data yet, instead of zeros", async () => {
    const { json } = await gateway({ upstream: (_inbound, response) => response.end() });
    await json("/health");
    for (const path of ["/metrics/realtime", "/metrics/anomalies", "/metrics/quality"]) {
      const answer = await json(path);
      expect(answer).toMatchObject({ status: "no_data", count: 0, window_seconds: 300 });
      expect(answer.message).toContain("no request");
      expect(answer.mean_ms).toBeUndefined();
    }
  });

  it("summarise the forwarded requests of five minutes, then forget them", async () => {
    const { url, json, advance } = await gateway({
      upstream: (_inbound, response) => response.end("ok"),
    });
    for (let i = 0; i < 5; i++) await (await fetch(`${url}/core/ping`)).text();
    const live = await json("/metrics/realtime");
    expect(live).toMatchObject({ status: "ok", service: "avx-gateway", count: 5 });
    expect(live.min_ms).toBeGreaterThan(0);
    expect(live.min_ms).toBeLessThanOrEqual(live.p50_ms);
    expect(live.p50_ms).toBeLessThanOrEqual(live.p95_ms);
    expect(live.p95_ms).toBeLessThanOrEqual(live.p99_ms);
    expect(live.p99_ms).toBeLessThanOrEqual(live.max_ms);
    expect(live.mean_ms).toBeLessThanOrEqual(live.max_ms);
    expect(live.std_dev_ms).toBeGreaterThanOrEqual(0);
    const quality = await json("/metrics/quality");
    expect(quality).toMatchObject({ status: "ok", count: 5, validity: 1 });
    advance(301_000);
    expect((await json("/metrics/realtime")).status).toBe("no_data");
  });

  it("tell who this is and whether the upstream answers", async () => {
    const up = await gateway({ upstream: (_inbound, response) => response.end("ok") });
    expect(await up.json("/health")).toMatchObject({ status: "ok", service: "avx-gateway" });
    const info = await up.json("/deep/info");
    expect(info).toMatchObject({
      service: "avx-gateway",
      context: { stack: "Avx", layer: "deep" },
      upstream: { reachable: true },
    });
    const down = await gateway({ upstreamOrigin: await nobody() });
    expect((await down.json("/deep/info")).upstream.reachable).toBe(false);
  });

  it("expose metrics in both formats, and their documentation", async () => {
    const { url, json } = await gateway({ upstream: (_inbound, response) => response.end("ok") });
    await (await fetch(`${url}/core/ping`)).text();
    const plain = await fetch(`${url}/metrics`);
    expect(plain.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await plain.text()).toContain('http_route="/*"');
    const accept = { accept: "application/openmetrics-text" };
    const open = await (await fetch(`${url}/metrics`, { headers: accept })).text();
    expect(open.endsWith("# EOF\n")).toBe(true);
    expect(Object.keys((await json("/docs/json")).paths)).toEqual([
      "/health",
      "/deep/info",
      "/metrics",
      "/metrics/realtime",
      "/metrics/anomalies",
      "/metrics/quality",
    ]);
    expect((await fetch(`${url}/docs`)).headers.get("content-type")).toContain("text/html");
  });
});
