import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { decodeOtlpMetricsProtobuf } from "@avx/wire";
import { afterEach, describe, expect, it } from "vitest";
import { listening, OtlpSink } from "./testing/otlp-sink.ts";

const PACKAGE = join(import.meta.dirname, "..");
const GUIDE = readFileSync(join(PACKAGE, "../../docs/guides/instrument-a-service.md"), "utf8");
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The code block under a heading of the guide. */
function codeUnder(heading: string): string {
  const section = GUIDE.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const code = /```ts\n([\s\S]*?)```/.exec(section)?.[1];
  if (code === undefined) throw new Error(`the guide has no code under ${heading}`);
  return code;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const origin = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return Number(new URL(origin).port);
}

/** Runs blocks of the guide as one program, its port replaced; resolves once it answers. */
async function running(blocks: readonly string[], endpoint: string): Promise<string> {
  const port = await freePort();
  const program = blocks.join("\n").replaceAll("3000", String(port));
  const child: ChildProcess = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: PACKAGE,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_METRIC_EXPORT_INTERVAL: "200",
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
  cleanups.push(() => child.kill("SIGKILL"));
  const origin = `http://127.0.0.1:${port}`;
  while (child.exitCode === null) {
    const isUp = await fetch(`${origin}/up`).then(
      () => true,
      () => false,
    );
    if (isUp) return origin;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the program of the guide ended");
}

/** Resolves once a metric export counts a request of this route. */
async function exportedRoute(sink: OtlpSink, route: string): Promise<boolean> {
  for (let count = 1; ; count++) {
    const body = (await sink.received("/v1/metrics", count)).at(-1)?.body ?? Buffer.alloc(0);
    const durations = decodeOtlpMetricsProtobuf(body).find(
      (metric) => metric.name === "http.server.request.duration",
    );
    const routes = durations?.points.map((point) => point.attributes.get("http.route"));
    if (routes?.includes(route)) return true;
  }
}

describe("docs/guides/instrument-a-service.md", () => {
  it.each(["Node's own http", "Express 5", "Fastify 5", "Koa 3", "Hono 4"])(
    "works as written: %s",
    async (heading) => {
      const sink = new OtlpSink();
      const endpoint = await sink.listen();
      cleanups.push(() => sink.close());
      const origin = await running([codeUnder("Start"), codeUnder(heading)], endpoint);
      const answer = await fetch(`${origin}/items/42`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("x-avx-trace")).toMatch(/^[0-9a-f]{32}$/);
      expect(await exportedRoute(sink, "/items/:id")).toBe(true);
    },
  );

  it("works as written: a metrics route in Fastify", async () => {
    const sink = new OtlpSink();
    const endpoint = await sink.listen();
    cleanups.push(() => sink.close());
    const [app = "", listen = ""] = codeUnder("Fastify 5").split(/(?=await app\.listen)/);
    const own = codeUnder("Count something of your own");
    const metrics = codeUnder("Show metrics to Prometheus");
    const origin = await running([codeUnder("Start"), own, app, metrics, listen], endpoint);
    const text = await (await fetch(`${origin}/metrics`)).text();
    expect(text).toContain('orders_placed_total{channel="web"} 2');
    expect(text).toContain("nodejs_eventloop_utilization_ratio");
  });
});
