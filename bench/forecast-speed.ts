/**
 * What a forecast costs: hourly series of 1000 samples with a day and a week, noise and a few spikes,
 * 24 hours ahead. CPU time of one thread, the median of many series in each mode after a warm-up, and
 * the sum over 1000 series, as a refresh of all would need; `warm` are forecasts that reuse the choice of
 * six samples before. Beside it R's forecast package on the first
 * series, where Rscript and the package are installed. Prints one JSON line.
 */
import { spawnSync } from "node:child_process";
import {
  type AutoForecast,
  autoForecast,
  createRandom,
  evenlySpaced,
  type ForecastChoice,
} from "@avx/analysis";

const SERIES = 1000;
const SAMPLES = 1000;
const HORIZON = 24;
const HOUR_MS = 3_600_000;
/** The compiler has seen all code after so many. */
const WARM_UP = 30;
const R_SERIES = 3;
/** CPU seconds that a function of R may take. */
const R_LIMIT_SECONDS = 120;

function load(seed: number): Float64Array {
  const random = createRandom(seed);
  const [level, swing, noise] = [
    100 + 50 * random.uniform(),
    20 + 20 * random.uniform(),
    2 + 6 * random.uniform(),
  ];
  return Float64Array.from({ length: SAMPLES }, (_, hour) => {
    const day = Math.sin((2 * Math.PI * hour) / 24);
    const isWeekend = Math.floor(hour / 24) % 7 >= 5;
    const spike = random.uniform() < 0.005 ? 3 * swing : 0;
    return level + swing * day - (isWeekend ? swing / 2 : 0) + noise * random.normal() + spike;
  });
}

type Mode = "auto" | "fast";
/** Samples that came since the choice that a warm forecast reuses. */
const NEW_SAMPLES = 6;

function forecastOf(values: Float64Array, mode: Mode, choice?: ForecastChoice): AutoForecast {
  const series = evenlySpaced(values, { stepMs: HOUR_MS });
  return autoForecast(series, { horizon: HORIZON, mode, choice });
}

function cpuMs(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function fullMs(mode: Mode): (values: Float64Array) => number {
  return (values) => cpuMs(() => forecastOf(values, mode));
}

/** Only the second forecast is timed: with the choice of the first, some samples earlier. */
function warmMs(mode: Mode): (values: Float64Array) => number {
  return (values) => {
    const { choice } = forecastOf(values.subarray(0, SAMPLES - NEW_SAMPLES), mode);
    let isReused = false;
    const used = cpuMs(() => {
      isReused = choice !== undefined && forecastOf(values, mode, choice).choice === choice;
    });
    if (!isReused) throw new Error("the choice was not reused");
    return used;
  };
}

function measure(cost: (values: Float64Array) => number, all: readonly Float64Array[]) {
  for (const values of all.slice(0, WARM_UP)) cost(values);
  const times = all.map(cost).sort((a, b) => a - b);
  const at = (share: number): number =>
    Number((times[Math.floor(share * times.length)] ?? 0).toFixed(2));
  const sum = times.reduce((total, time) => total + time, 0);
  return {
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    sumSeconds: Number((sum / 1000).toFixed(1)),
  };
}

/** CPU ms of a fit and a forecast by functions of R; null when one takes longer than the limit. */
const R_PROGRAM = `
suppressMessages(library(forecast))
lines <- readLines(file("stdin"))
series <- lapply(strsplit(lines, ","), function(x) ts(as.numeric(x), frequency = 24))
cpu <- function(name, f, count) {
  setTimeLimit(cpu = ${R_LIMIT_SECONDS}, transient = TRUE)
  ms <- tryCatch(median(sapply(series[1:count], function(y) {
    t <- proc.time(); f(y); d <- proc.time() - t; 1000 * (d[[1]] + d[[2]])
  })), error = function(e) NA)
  cat(sprintf('%s"%s": %s', if (name == "stlf") "{" else ", ", name, if (is.na(ms)) "null" else sprintf("%.0f", ms)))
}
cpu("stlf", function(y) stlf(y, h = ${HORIZON}), 3)
cpu("thetaf", function(y) thetaf(y, h = ${HORIZON}), 3)
cpu("ets", function(y) forecast(ets(y), h = ${HORIZON}), 1)
cpu("auto.arima", function(y) forecast(auto.arima(y), h = ${HORIZON}), 1)
cat("}")
`;

function rivalMs(all: readonly Float64Array[]): unknown {
  const input = all
    .slice(0, R_SERIES)
    .map((values) => values.join(","))
    .join("\n");
  const run = spawnSync("Rscript", ["-e", R_PROGRAM], {
    input: `${input}\n`,
    encoding: "utf8",
  });
  if (run.status === 0) return JSON.parse(run.stdout);
  return run.error?.message ?? "not measured: install r-base-core and r-cran-forecast (Debian)";
}

const all = Array.from({ length: SERIES }, (_, seed) => load(seed));
const ours = {
  auto: measure(fullMs("auto"), all),
  fast: measure(fullMs("fast"), all),
  warm: measure(warmMs("auto"), all),
  warmFast: measure(warmMs("fast"), all),
};
const result = {
  series: SERIES,
  samples: SAMPLES,
  horizon: HORIZON,
  ours,
  "R, p50 ms": rivalMs(all),
};
console.log(JSON.stringify(result));
