import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackage } from "../scripts/packaging/build-package.ts";

const ROOT = join(import.meta.dirname, "..");

/** A program that uses every public entry, as strictly as TypeScript can look at it. */
const PROGRAM = `
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { autoForecast, evenlySpaced } from "avx-telemetry/analysis";
import {
  AvxError,
  type FinishedRequest,
  initTelemetry,
  LatencyCollector,
  registerTelemetry,
  type Telemetry,
  traceFields,
  type View,
} from "avx-telemetry/sdk";
import { telemetry as preloaded } from "avx-telemetry/sdk/auto";
import { AvxMetrics } from "avx-telemetry/sdk/avx-metrics";
import { service, sloMatchers, startTelemetry } from "avx-telemetry/sdk/testing";

const views: readonly View[] = [];
const telemetry: Telemetry = initTelemetry({ serviceName: "cart", views });
const undo: () => void = registerTelemetry(telemetry);

createServer(
  telemetry.middleware.nodeHttp((request: IncomingMessage, response: ServerResponse) => {
    telemetry.setRoute(request, "/items/:id");
    response.end(traceFields().trace_id ?? "");
  }),
);
const byFetch = telemetry.middleware.fetch((request: Request, server: { port: number }) => {
  telemetry.setRoute(request, "/items/:id");
  return new Response(String(server.port));
});
const answer: Promise<Response> = byFetch(new Request("http://a/"), { port: 1 });

const counter = telemetry.metrics.createCounter("orders", { unit: "{order}" });
counter.add(1, { channel: "web" });
counter.bind({ channel: "web" }).add(1);
telemetry.onRequest((finished: FinishedRequest) => new LatencyCollector().record(finished.durationMs));
const value: Promise<number> = telemetry.tracer.startActiveSpan("work", async (span) => {
  span.setAttribute("n", 1).end();
  return 1;
});

const series = evenlySpaced([1, 2, 3], { stepMs: 1000 });
void autoForecast(series, { horizon: 3 });
void new AvxMetrics().forecastMetric(series, { steps: 3 });
void startTelemetry({ store: "memory", serviceName: "cart" }).value("orders");
void [service, sloMatchers, preloaded.isOfficial, undo, answer, value];

export function isOurs(error: unknown): error is AvxError {
  return error instanceof AvxError;
}
`;

/** What must not compile, line by line: a text that is counted, and a misspelt option. */
const WRONG = `import { initTelemetry } from "avx-telemetry/sdk";
initTelemetry().metrics.createCounter("orders").add("1");
initTelemetry({ servceName: "cart" });
`;

/** A framework's own types must take the middleware. */
const FRAMEWORKS = `
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { initTelemetry } from "avx-telemetry/sdk";

const { middleware } = initTelemetry();
express().use(middleware.express());
fastify().register(middleware.fastify());
new Koa().use(middleware.koa());
new Hono().use(middleware.hono());
`;

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2023",
  lib: ["es2023", "dom", "dom.iterable"],
  types: ["node"],
};

let directory: string;

beforeAll(async () => {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  directory = mkdtempSync(join(ROOT, "dist/package-types-"));
  await buildPackage({ directory: join(directory, "node_modules/avx-telemetry") });
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** What the compiler says of a program under these options; "" when all is well. */
function compiled(program: string, options: object, manifest: object): string {
  writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(directory, "program.ts"), program);
  const project = { compilerOptions: { ...STRICT, ...options }, files: ["program.ts"] };
  writeFileSync(join(directory, "tsconfig.json"), JSON.stringify(project));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const run = spawnSync(process.execPath, [tsc, "-p", directory], { encoding: "utf8" });
  return run.stdout + run.stderr;
}

const MODULE = { type: "module" };

describe("the types of the built package, checked with the libraries' own", () => {
  it.each([
    ["node16", { module: "node16", moduleResolution: "node16" }],
    ["nodenext", { module: "nodenext" }],
    ["bundler", { module: "esnext", moduleResolution: "bundler" }],
  ])("are right for a module that resolves as %s", (_name, options) => {
    expect(compiled(PROGRAM, options, MODULE)).toBe("");
  });

  it("are right for a CommonJS program, whose require takes ES modules", () => {
    expect(compiled(PROGRAM, { module: "nodenext" }, { type: "commonjs" })).toBe("");
  });

  it("refuse what is wrong", () => {
    const errors = compiled(WRONG, { module: "nodenext" }, MODULE);
    expect(errors.match(/\(\d+,\d+\): error TS\d+/g)).toEqual([
      expect.stringMatching(/^\(2,.*TS2345/),
      expect.stringMatching(/^\(3,.*TS2561/),
    ]);
  });

  it("fit those of the frameworks", () => {
    const options = { module: "nodenext", skipLibCheck: true };
    expect(compiled(FRAMEWORKS, options, MODULE)).toBe("");
  });

  it("are there for every entry, also where exports are not read, and nothing else is", () => {
    const built = join(directory, "node_modules/avx-telemetry");
    const { exports, typesVersions } = JSON.parse(
      readFileSync(join(built, "package.json"), "utf8"),
    );
    for (const [path, entry] of Object.entries<{ types: string; default: string }>(exports)) {
      if (path === "./package.json") continue;
      expect(existsSync(join(built, entry.types))).toBe(true);
      expect(existsSync(join(built, entry.default))).toBe(true);
      expect(typesVersions["*"][path.slice(2)]).toEqual([entry.types]);
    }
    expect(existsSync(join(built, "types/wire/src/otlp/fixtures/official-bytes.d.ts"))).toBe(false);
  });
});
