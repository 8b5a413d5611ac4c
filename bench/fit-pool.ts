/**
 * What the event loop feels while the capacity of 60 resources is forecast, each from a day of
 * minutes by automatic choice: made in its own thread, and in the pool. Delays are those of timers that
 * are due every 5 ms. Prints one JSON line.
 * Usage: node bench/fit-pool.ts
 */
import { loadavg } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createRandom, evenlySpaced } from "@avx/analysis";
import {
  createFitPool,
  createLocalFits,
  type FitPool,
} from "../packages/server/src/forecasts/fit-pool.ts";
import { inLanes } from "../packages/server/src/forecasts/in-lanes.ts";

const SERIES = 60;
const MINUTES = 1440;
const RESOLUTION_MS = 5;

/** Memory and busy shares of a day: a level, a wave, a trend, and noise. */
function series(seed: number) {
  const random = createRandom(seed);
  const values = Array.from({ length: MINUTES }, (_, minute) => {
    const wave = 20 * Math.sin((2 * Math.PI * minute) / (60 * (1 + (seed % 6))));
    return 100 + wave + (seed % 3) * 0.02 * minute + 3 * random.normal();
  });
  return evenlySpaced(values, { stepMs: 60_000 });
}

async function measure(fits: FitPool) {
  const jobs = Array.from({ length: SERIES }, (_, seed) => series(seed));
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  delay.enable();
  await inLanes(jobs, fits.size, async (one) => {
    const options = { horizon: 720, level: 0.95, mode: "auto" } as const;
    const answer = await fits.fit({ kind: "auto", series: one, options }, { urgent: false });
    if (answer.kind === "bad-request") throw new Error(answer.reason);
    // As a server does, everything else that is due has its turn between two fits.
    await new Promise((resolve) => setImmediate(resolve));
  });
  delay.disable();
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await fits.close();
  return {
    seconds: Number(seconds.toFixed(1)),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    p99DelayMs: Number((delay.percentile(99) / 1e6).toFixed(0)),
    longestDelayMs: Number((delay.max / 1e6).toFixed(0)),
  };
}

const ownThread = await measure(createLocalFits());
const pool = await measure(createFitPool());
process.stdout.write(
  `${JSON.stringify({
    ...{ bench: "fit-pool", series: SERIES, samples: MINUTES, horizon: 720, ownThread, pool },
    load: Number(loadavg()[0]?.toFixed(1)),
  })}\n`,
);
