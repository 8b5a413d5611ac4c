import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createForecaster, evenlySpaced, FORECASTER_NAMES, type TimeSeries } from "@avx/analysis";
import { AVX_SIGNATURES, parseExpr } from "@avx/promql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createTestServer,
  evenSeries,
  type TestServer,
} from "../packages/server/src/api/fixtures/test-server.ts";
import { runForecast } from "../packages/server/src/cli/forecast-command.ts";

const ROOT = join(import.meta.dirname, "..");
const GUIDE = readFileSync(join(ROOT, "docs/guides/forecast.md"), "utf8");

/** The code blocks of a language, in order. */
function blocks(language: string): string[] {
  const fence = "`".repeat(3);
  const pattern = new RegExp(`^${fence}${language}\\n([\\s\\S]*?)^${fence}$`, "gm");
  return [...GUIDE.matchAll(pattern)].map(([, code = ""]) => code);
}

const lines = (language: string): string[] =>
  blocks(language).flatMap((code) => code.split("\n").filter((line) => line !== ""));

const wave = (i: number): number =>
  100 + 30 * Math.sin((2 * Math.PI * i) / 24) + 3 * Math.sin(i ** 2);

/** A wave of an hour, by minutes. */
const hourly = (minute: number): number =>
  100 + 30 * Math.sin((2 * Math.PI * minute) / 60) + 3 * Math.sin(Math.round(minute) ** 2);

describe("the programs of the guide", () => {
  it.each(blocks("ts"))("run and print what they promise: %#", (code) => {
    const args = ["--input-type=module-typescript", "--no-warnings", "--eval", code];
    const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/\d+\.\d+/);
    expect(run.stdout).not.toMatch(/refused|needs|undefined|NaN/);
  });
});

describe("the command lines of the guide", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "avx-guide-"));
    const rows = Array.from(
      { length: 24 * 21 },
      (_, i) => `${1_700_000_000 + i * 3600},${wave(i)}`,
    );
    writeFileSync(join(folder, "load.csv"), ["time,load", ...rows].join("\n"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(lines("sh"))("%s", async (line) => {
    const [program, command, ...argv] = line.split(" ");
    expect([program, command]).toEqual(["avx", "forecast"]);
    const { text } = await runForecast(
      argv.map((word) => (word === "load.csv" ? join(folder, word) : word)),
    );
    expect(text).toContain("load");
  });
});

describe("the requests of the guide", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await createTestServer();
    let total = 0;
    const counted = Array.from({ length: 8000 }, (_, i) => (total += 10 * hourly(i / 6)));
    await server.add({
      series: [
        evenSeries({ __name__: "http_requests_total", job: "api" }, counted),
        evenSeries(
          { __name__: "http_server_request_duration_seconds_count", service_name: "api" },
          counted,
        ),
      ],
    });
  });
  afterAll(() => server.app.close());

  it.each(blocks("http"))("are answered: %#", async (text) => {
    const [head = "", payload] = text.split("\n\n");
    const [method, url = ""] = (head.split("\n")[0] ?? "").split(" ");
    const reply =
      method === "GET"
        ? await server.app.inject({ method, url })
        : await server.app.inject({
            ...{ method: "POST", url, payload: payload ?? "" },
            headers: { "content-type": "application/json" },
          });
    expect(reply.statusCode).toBe(200);
    const { kind, rows } = reply.json();
    expect(kind === "forecast" || Array.isArray(rows)).toBe(true);
  });
});

describe("the queries of the guide", () => {
  it.each(lines("promql"))("%s", (query) => {
    expect(() => parseExpr(query, { extraFunctions: AVX_SIGNATURES })).not.toThrow();
  });
});

describe("the models of the guide", () => {
  const series: TimeSeries = evenlySpaced(
    Array.from({ length: 336 }, (_, i) => wave(i)),
    {
      stepMs: 3_600_000,
    },
  );
  const examples = [...GUIDE.matchAll(/`createForecaster\("([^"]+)"(?:, \[([\d, ]+)\])?\)\.fit/g)];

  it("are all of them", () => {
    expect(examples.map(([, name]) => name)).toEqual([...FORECASTER_NAMES]);
  });

  it.each(examples.map(([, name = "", seasons = ""]) => [name, seasons]))(
    "%s [%s] forecasts",
    (name, seasons) => {
      const lengths = seasons === "" ? [] : seasons.split(",").map(Number);
      const fit = createForecaster(name, lengths).fit(series);
      if (fit.kind !== "fitted") throw new Error(`needs ${fit.neededSamples}`);
      const { mean, lower, upper } = fit.model.forecast(24, 0.9);
      for (const [step, value] of mean.entries()) {
        expect(lower[step]).toBeLessThanOrEqual(value);
        expect(upper[step]).toBeGreaterThanOrEqual(value);
      }
    },
  );
});
