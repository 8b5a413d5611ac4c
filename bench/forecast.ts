/**
 * Forecast quality: forecasts every series of every kind in a data directory and writes one JSON line
 * each, for an outside scorer.
 *
 *   node bench/forecast.ts --data DIR --out FILE [--mode auto|fast] [--kind a,b] [--workers 2]
 *   node bench/forecast.ts --data DIR --gate [--kind a,b]
 *   node bench/forecast.ts --data DIR --coverage FILE.svg [--kind a,b]
 *
 * The second form prints how often a series that is called forecastable to 10 % then is; the third
 * draws how many of the later samples lie within the bounds.
 * DIR holds `<kind>.json.gz` = `{kind, h, m, series: [{id, train, test}]}`; the first form does not
 * look at test values.
 * A line is `{id, mean, lo95, hi95, ms}`, `ms` being CPU time of one thread for fit and forecast.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { autoForecast, evenlySpaced } from "@avx/analysis";
import { coverageChart } from "./forecasting/coverage-chart.ts";
import { type ForecastJob, readJobs } from "./forecasting/forecast-jobs.ts";
import { gateRows } from "./forecasting/gate-table.ts";
import { markdownTable } from "./results-page.ts";

type Mode = "auto" | "fast";

interface Settings {
  readonly jobs: readonly ForecastJob[];
  readonly mode: Mode;
}

/** One line for the scorer. A refusal is scored by its fallback, so that none is left out. */
function forecastLine({ id, train, horizon, stepMs }: ForecastJob, mode: Mode): string {
  const before = process.threadCpuUsage();
  const result = autoForecast(evenlySpaced(train, { stepMs }), { horizon, mode });
  const used = process.threadCpuUsage(before);
  const ms = (used.user + used.system) / 1000;
  const forecast = result.kind === "forecast" ? result : result.fallback;
  if (forecast === undefined) return JSON.stringify({ id, refused: result.kind, ms });
  return JSON.stringify({
    id,
    mean: Array.from(forecast.mean),
    lo95: Array.from(forecast.lower),
    hi95: Array.from(forecast.upper),
    ms,
    kind: result.kind,
    backtest: result.backtest,
  });
}

function runJobs({ jobs, mode }: Settings): string[] {
  return jobs.map((job) => forecastLine(job, mode));
}

function runInWorker(settings: Settings): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: settings });
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

const USAGE =
  "usage: node bench/forecast.ts --data DIR (--out FILE | --gate | --coverage FILE.svg)";

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: {
      data: { type: "string" },
      out: { type: "string" },
      mode: { type: "string", default: "auto" },
      kind: { type: "string" },
      workers: { type: "string", default: "1" },
      coverage: { type: "string" },
      gate: { type: "boolean", default: false },
    },
  });
  if (options.data === undefined) throw new Error(USAGE);
  const mode = options.mode === "fast" ? "fast" : "auto";
  const jobs = readJobs(options.data, options.kind?.split(","));
  if (options.gate) console.log(markdownTable(gateRows(jobs)));
  if (options.coverage !== undefined) writeFileSync(options.coverage, coverageChart(jobs));
  if (options.out === undefined) {
    if (!options.gate && options.coverage === undefined) throw new Error(USAGE);
    return;
  }
  const count = Math.max(1, Number(options.workers));
  const shares = Array.from({ length: count }, (_, k) => jobs.filter((_, i) => i % count === k));
  const lines = await Promise.all(shares.map((share) => runInWorker({ jobs: share, mode })));
  writeFileSync(options.out, `${lines.flat().join("\n")}\n`);
}

if (isMainThread) await main();
else parentPort?.postMessage(runJobs(workerData));
