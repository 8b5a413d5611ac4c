import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { listening, OtlpSink } from "../packages/sdk/src/testing/otlp-sink.ts";
import { decodeOtlpMetricsProtobuf } from "../packages/wire/src/index.ts";
import { buildPackage } from "../scripts/packaging/build-package.ts";

const ROOT = join(import.meta.dirname, "..");
const GUIDE = readFileSync(join(ROOT, "docs/guides/instrument-a-service.md"), "utf8");
const ROUTE = "/items/:id";

/** Sections of the guide for servers of Node, and whether `auto` alone knows their routes. */
const SERVERS = {
  "Node's own http": false,
  "Express 5": true,
  "Fastify 5": true,
  "Koa 3": false,
  "Hono 4": false,
  NestJS: true,
} as const;

/** What the guide takes as given in its section on NestJS; decorators are called by hand. */
const APP_MODULE = `
import { Controller, Get, Module } from "@nestjs/common";
class Items { one() { return { ok: true }; } }
Get("items/:id")(Items.prototype, "one", Object.getOwnPropertyDescriptor(Items.prototype, "one"));
Controller()(Items);
export class AppModule {}
Module({ controllers: [Items] })(AppModule);
`;

let directory: string;
const cleanups: (() => unknown)[] = [];

/** Installs the package as `npm install` of its tarball would: only what is packed is there. */
beforeAll(async () => {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  directory = mkdtempSync(join(ROOT, "dist/instrument-guide-"));
  const { directory: built } = await buildPackage({
    directory: join(directory, "built"),
    withTypes: false,
  });
  const packed = ["pack", "--silent", "--pack-destination", directory, built];
  const tarball = execFileSync("npm", packed, { encoding: "utf8" }).trim();
  const installed = join(directory, "node_modules/avx-telemetry");
  mkdirSync(installed, { recursive: true });
  const unpack = ["-xzf", join(directory, tarball), "-C", installed, "--strip-components=1"];
  execFileSync("tar", unpack);
  writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  writeFileSync(join(directory, "app.module.js"), APP_MODULE);
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The code block under a heading of the guide. */
function codeUnder(heading: string): string {
  const section = GUIDE.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const code = /```ts\n([\s\S]*?)```/.exec(section)?.[1];
  if (code === undefined) throw new Error(`the guide has no code under ${heading}`);
  return code;
}

/** The same program for CommonJS: `require` for `import`, and a function around what awaits. */
function asCommonJs(program: string): string {
  const imports: string[] = [];
  const rest = program.replace(/^import (.*) from (".*");$/gm, (_all, what, name) => {
    const taken = what.startsWith("{") ? what : `{ default: ${what} }`;
    imports.push(`const ${taken} = all(require(${name}));`);
    return "";
  });
  const all = "const all = (module) => ({ default: module, ...module });";
  return `${all}\n${imports.join("\n")}\n(async () => {${rest}\n})();`;
}

/** Without the lines that name the telemetry: the service before anybody has instrumented it. */
const uninstrumented = (program: string) =>
  program
    .replace("telemetry.middleware.nodeHttp(listener)", "listener")
    .replace(/^.*telemetry.*\n/gm, "");

async function freePort(): Promise<number> {
  const server = createServer();
  const origin = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return Number(new URL(origin).port);
}

/** Runs a program of the guide, its port replaced; resolves once it answers. */
async function running(
  file: string,
  code: string,
  [command = "", ...before]: readonly string[] = [process.execPath],
) {
  const sink = new OtlpSink();
  cleanups.push(() => sink.close());
  const port = await freePort();
  const path = join(directory, file);
  writeFileSync(path, code.replaceAll("3000", String(port)));
  const child = spawn(command, [...before, path], {
    cwd: directory,
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: await sink.listen(),
      OTEL_METRIC_EXPORT_INTERVAL: "100",
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
    if (isUp) return { sink, origin };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the program of the guide ended");
}

/** Resolves with the route that is exported of a request to an item; undefined when it has none. */
async function exportedRoute({ sink, origin }: { sink: OtlpSink; origin: string }) {
  const answer = await fetch(`${origin}/items/42`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("x-avx-trace")).toMatch(/^[0-9a-f]{32}$/);
  for (let count = sink.requests.length + 2; ; count++) {
    const requests = await sink.received("/v1/metrics", count);
    const metrics = decodeOtlpMetricsProtobuf(requests.at(-1)?.body ?? Buffer.alloc(0));
    const durations = metrics.find(({ name }) => name === "http.server.request.duration");
    const ofItems = durations?.points.filter(
      ({ attributes }) => Number(attributes.get("http.response.status_code")) === 200,
    );
    if (ofItems !== undefined && ofItems.length > 0) {
      return ofItems[0]?.attributes.get("http.route");
    }
  }
}

describe.each(Object.entries(SERVERS))(
  "the guide, from the packed package: %s",
  (heading, knows) => {
    const program = () => `${codeUnder("Start")}\n${codeUnder(heading)}`;
    const preload = [process.execPath, "--import", "avx-telemetry/sdk/auto"];

    it("works as written in an ES module", async () => {
      expect(await exportedRoute(await running("guide.mjs", program()))).toBe(ROUTE);
    });

    it("works in CommonJS", async () => {
      const code = asCommonJs(program());
      expect(await exportedRoute(await running("guide.cjs", code))).toBe(ROUTE);
    });

    it.each([
      ["guide-auto.mjs", (code: string) => code],
      ["guide-auto.cjs", asCommonJs],
    ])("is measured without changing code: %s", async (file, form) => {
      const route = await exportedRoute(
        await running(file, form(uninstrumented(program())), preload),
      );
      expect(route).toBe(knows ? ROUTE : undefined);
    });
  },
);

/** Runtimes with servers of their own, whose packages exist for Linux on x64. */
const RUNTIMES = {
  Bun: ["@oven/bun-linux-x64-baseline/bin/bun", "run"],
  Deno: ["@deno/linux-x64-glibc/deno", "run", "--allow-all"],
} as const;

describe.each(Object.entries(RUNTIMES))(
  "the guide, from the packed package, on %s",
  (name, how) => {
    const [path, ...before] = how;
    const binary = join(ROOT, "node_modules", path);
    const isThere = existsSync(binary);
    const skipped = isThere ? "" : ` (skipped: no ${name} for this platform)`;

    it.skipIf(!isThere)(`works as written${skipped}`, async () => {
      const program = `${codeUnder("Start")}\n${codeUnder("Deno and Bun")}`;
      const command = [binary, ...before];
      expect(await exportedRoute(await running("guide-runtime.mjs", program, command))).toBe(ROUTE);
    });
  },
);
