import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build as esbuild } from "esbuild";
import { build as rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildPackage } from "../scripts/packaging/build-package.ts";

const ROOT = join(import.meta.dirname, "..");

/** A service as a user writes it: the preload's import first, its own route, and its metrics. */
const SERVICE = `
import { telemetry } from "avx-telemetry/sdk/auto";
import { createServer } from "node:http";
const server = createServer(async (request, response) => {
  if (request.url === "/metrics") {
    const { contentType, text } = await telemetry.renderMetrics(request.headers.accept);
    response.writeHead(200, { "content-type": contentType }).end(text);
    return;
  }
  telemetry.setRoute(request, "/items/:id");
  response.end("item");
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
`;
const REQUIRING = `
const { telemetry } = require("avx-telemetry/sdk/auto");
${SERVICE.replace(/^import .*$/gm, "")}`.replace(
  "const server =",
  'const { createServer } = require("node:http");\nconst server =',
);

/** A program whose last span waits when it ends. */
const ENDING = `
import { telemetry } from "avx-telemetry/sdk/auto";
telemetry.tracer.startSpan("last").end();
process.exit(3);
`;

/** A program whose one span is the official SDK's when that is asked for. */
const OFFICIAL = `
import { telemetry } from "avx-telemetry/sdk/auto";
telemetry.tracer.startSpan("one").end();
telemetry.shutdown();
`;

type Format = "esm" | "cjs";
const EXTENSIONS = { esm: "mjs", cjs: "cjs" } as const;

let directory: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  // Inside the repository, for the package's one dependency is found above it.
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  directory = mkdtempSync(join(ROOT, "dist/bundled-service-"));
  await buildPackage({
    directory: join(directory, "node_modules/avx-telemetry"),
    withTypes: false,
  });
  writeFileSync(join(directory, "service.mjs"), SERVICE);
  writeFileSync(join(directory, "service.cjs"), REQUIRING);
  writeFileSync(join(directory, "ending.mjs"), ENDING);
  writeFileSync(join(directory, "official.mjs"), OFFICIAL);
});

afterAll(() => {
  for (const child of running) child.kill("SIGKILL");
  rmSync(directory, { recursive: true, force: true });
});

interface Built {
  readonly source: string;
  readonly outfile: string;
  readonly format: Format;
}

/** Builds a program into one file of this format, with everything that it needs inside. */
const BUNDLERS: Readonly<Record<string, (built: Built) => Promise<unknown>>> = {
  esbuild: ({ source, outfile, format }) =>
    esbuild({
      entryPoints: [join(directory, source)],
      bundle: true,
      platform: "node",
      logLevel: "error",
      // The commonest settings that break code which looks at its own source text.
      keepNames: true,
      minify: true,
      outfile,
      format,
    }),
  rolldown: ({ source, outfile, format }) =>
    rolldown({
      input: join(directory, source),
      platform: "node",
      logLevel: "warn",
      output: { file: outfile, format, codeSplitting: false },
    }),
};

/** Runs a file and asks it for an item and then for its metrics. */
async function metricsAfterOneRequest(file: string): Promise<string> {
  const env = { ...process.env, OTEL_METRICS_EXPORTER: "none", OTEL_TRACES_EXPORTER: "none" };
  const child = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  const [port] = await once(createInterface(child.stdout), "line");
  await (await fetch(`http://127.0.0.1:${port}/items/7`)).text();
  const count = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await expect.poll(count).toContain("/items/:id");
  return count();
}

interface Posted {
  readonly code: unknown;
  readonly path: string | undefined;
  readonly body: string;
}

/** Runs a program that ends; its exit code, and what it has sent where. */
async function postedAtExit(file: string, variables: Record<string, string> = {}): Promise<Posted> {
  let path: string | undefined;
  let body = "";
  const sink = createServer((request, response) => {
    path = request.url;
    request.setEncoding("latin1").on("data", (text) => {
      body += text;
    });
    request.on("end", () => response.end());
  });
  await once(sink.listen(0, "127.0.0.1"), "listening");
  // Proof of the `as`: a TCP server has an address with a port.
  const { port } = sink.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    OTEL_METRICS_EXPORTER: "none",
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    ...variables,
  };
  const child = spawn(process.execPath, [file], { env, stdio: "inherit", cwd: tmpdir() });
  running.push(child);
  const [code] = await once(child, "exit");
  sink.close();
  return { code, path, body };
}

const COUNTED = /^http_server_request_duration_seconds_count\{.*http_route="\/items\/:id".*\} 1$/m;

describe("a service that imports the published package", () => {
  for (const [bundler, bundle] of Object.entries(BUNDLERS)) {
    for (const format of ["esm", "cjs"] as const) {
      it(`is observed when ${bundler} has made it one ${format} file`, async () => {
        const outfile = join(directory, `${bundler}.${EXTENSIONS[format]}`);
        await bundle({ source: "service.mjs", outfile, format });
        expect(await metricsAfterOneRequest(outfile)).toMatch(COUNTED);
      });

      it(`sends what waits at the exit when ${bundler} has made it one ${format} file`, async () => {
        const outfile = join(directory, `${bundler}-ending.${EXTENSIONS[format]}`);
        await bundle({ source: "ending.mjs", outfile, format });
        expect(await postedAtExit(outfile)).toMatchObject({ code: 3, path: "/v1/traces" });
      });

      it(`runs the official SDK beside it when ${bundler} has made it one ${format} file`, async () => {
        const outfile = join(directory, `${bundler}-official.${EXTENSIONS[format]}`);
        await bundle({ source: "official.mjs", outfile, format });
        const { code, path, body } = await postedAtExit(outfile, { AVX_SDK: "official" });
        expect({ code, path }).toEqual({ code: 0, path: "/v1/traces" });
        expect(body).toMatch(/telemetry\.sdk\.name.{1,6}opentelemetry/s);
      });
    }
  }

  it("is observed without a bundler, by import", async () => {
    expect(await metricsAfterOneRequest(join(directory, "service.mjs"))).toMatch(COUNTED);
  });

  it("is observed without a bundler, by require", async () => {
    expect(await metricsAfterOneRequest(join(directory, "service.cjs"))).toMatch(COUNTED);
  });
});
