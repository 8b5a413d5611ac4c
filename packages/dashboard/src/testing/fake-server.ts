import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createFakeMutes, fakeHeld, fakeRibbons } from "./fake-anomaly-state.ts";
import { fakeAnomalies, fakeForecast, fakeQuality, fakeServices } from "./fake-answers.ts";
import { fakeCapacity } from "./fake-capacity.ts";
import { fakeData, fakeStorage } from "./fake-data.ts";
import { fakeExpressionForecast } from "./fake-expression-forecast.ts";
import { CALM_MESH, type FakeService, HOSTILE_MESH, TROUBLED_MESH } from "./fake-mesh.ts";
import { fakeInstant, fakeRange } from "./fake-prometheus.ts";
import { fakeTrace, fakeTraces } from "./fake-traces.ts";
import { pageFile } from "./static-page.ts";

export { HOSTILE_NAMES } from "./fake-mesh.ts";

/** What the fake server plays. `slow` answers after a while, `error` with 503, `broken` with a wrong shape. */
export type FakeMode = "troubled" | "calm" | "empty" | "hostile" | "error" | "broken" | "slow";

/** A running fake server. */
export interface FakeServer {
  readonly url: string;
  setMode(mode: FakeMode): void;
  close(): Promise<void>;
}

const MESHES: Readonly<Record<FakeMode, readonly FakeService[]>> = {
  troubled: TROUBLED_MESH,
  calm: CALM_MESH,
  empty: [],
  hostile: HOSTILE_MESH,
  error: [],
  broken: [],
  slow: TROUBLED_MESH,
};

const FAKE_METRICS = {
  http_server_request_duration_seconds_bucket: [
    { type: "histogram", help: "Duration of HTTP server requests.", unit: "s" },
  ],
  http_server_request_duration_seconds_count: [
    { type: "histogram", help: "Duration of HTTP server requests.", unit: "s" },
  ],
  nodejs_eventloop_utilization_ratio: [
    { type: "gauge", help: "<img src=x onerror=window.__xss=7>", unit: "1" },
  ],
};

const FAKE_LABELS = ["__name__", "http_route", "le", "service_name"];

const SLOW_MS = 6_000;

/** The policy of the real server: what breaks it there must break here. */
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
};

/** Starts a server that answers the dashboard's API with made-up data and serves its built page. */
export async function startFakeServer(initial: FakeMode, port = 0): Promise<FakeServer> {
  const dist = join(import.meta.dirname, "..", "..", "dist");
  const startedMs = Date.now();
  const mutes = createFakeMutes(startedMs);
  let mode = initial;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://fake");
    if (!pathname.startsWith("/api/")) return sendPage(response, dist, pathname);
    if (mode === "slow") await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    if (mode === "error")
      return sendError(response, 503, "the store is not available: it restarts");
    if (mode === "broken") return sendJson(response, 200, { services: "none" });
    const world = { services: MESHES[mode], startedMs, nowMs: Date.now() };
    const mute = /^\/api\/avx\/mutes\/(.+)$/.exec(pathname)?.[1] ?? "";
    const body =
      request.method === "DELETE"
        ? mutes.end(decodeURIComponent(mute))
        : request.method === "POST"
          ? postAnswer({ ...world, mutes }, pathname, (await request.toArray()).join(""))
          : pathname === "/api/avx/mutes"
            ? mutes.list()
            : apiAnswer(world, pathname, searchParams);
    if (body === null) sendError(response, 404, "not found");
    else sendJson(response, 200, body);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((cause: unknown) => sendError(response, 500, String(cause)));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  // A TCP server that listens has an address with a port.
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${actual}`,
    setMode(next) {
      mode = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function postAnswer(
  { nowMs, mutes }: { readonly nowMs: number; mutes: ReturnType<typeof createFakeMutes> },
  pathname: string,
  body: string,
): unknown {
  if (pathname === "/api/avx/forecast") return fakeExpressionForecast(body);
  const id = /^\/api\/avx\/anomalies\/([^/]+)\/feedback$/.exec(pathname)?.[1];
  if (id !== undefined) return { id, threshold: 0.83, ...JSON.parse(body) };
  if (pathname !== "/api/avx/mutes") return null;
  const { durationMs, ...mute } = JSON.parse(body);
  return mutes.add({ note: "", ...mute, untilMs: nowMs + durationMs });
}

function apiAnswer(
  world: Parameters<typeof fakeServices>[0],
  pathname: string,
  parameters: URLSearchParams,
): unknown {
  const range = {
    startMs: Number(parameters.get("start")) * 1000,
    endMs: Number(parameters.get("end")) * 1000,
  };
  const trace = /^\/api\/avx\/traces\/([^/]+)$/.exec(pathname)?.[1];
  if (trace !== undefined) return fakeTrace(world, trace);
  switch (pathname) {
    case "/api/avx/services":
      return fakeServices(world, range.startMs, range.endMs);
    case "/api/avx/anomalies":
      return fakeAnomalies(world, parameters.get("service"), range);
    case "/api/avx/anomalies/ribbon":
      return fakeRibbons(world, parameters);
    case "/api/avx/anomalies/held":
      return fakeHeld(world, parameters.get("service"), range);
    case "/api/avx/data":
      return fakeData(world);
    case "/api/avx/storage":
      return fakeStorage(world);
    case "/api/avx/quality":
      return fakeQuality();
    case "/api/avx/forecast":
      return fakeForecast(world, parameters);
    case "/api/avx/capacity":
      return fakeCapacity(world);
    case "/api/avx/traces":
      return fakeTraces(world, parameters);
    case "/api/v1/label/__name__/values":
      return { status: "success", data: Object.keys(FAKE_METRICS) };
    case "/api/v1/labels":
      return { status: "success", data: FAKE_LABELS };
    case "/api/v1/label/job/values":
      return { status: "success", data: [] };
    case "/api/v1/label/service_name/values":
      return { status: "success", data: world.services.map(({ name }) => name) };
    case "/api/v1/metadata":
      return { status: "success", data: FAKE_METRICS };
    case "/api/v1/query_range":
      return fakeRange(world, parameters);
    case "/api/v1/query":
      return fakeInstant(world, parameters);
    default:
      return null;
  }
}

function sendPage(response: ServerResponse, dist: string, pathname: string): void {
  const { body, type } = pageFile(dist, pathname);
  response.writeHead(200, { ...HEADERS, "Content-Type": type, "Content-Encoding": "gzip" });
  response.end(gzipSync(body));
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...HEADERS, "Content-Type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(body));
}

function sendError(response: ServerResponse, status: number, error: string): void {
  sendJson(response, status, {
    status: "error",
    errorType: "unavailable",
    error,
    code: "store_unavailable",
  });
}
