/**
 * What 5-minute roll-ups cost: CPU to move 1000 series x 24 h into the engine with and without them, and
 * bytes on disk of raw samples and of roll-ups. Prints one JSON line.
 * Usage: node bench/store-rollups.ts [hours, default 24] [series, default 1000]
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmbeddedStore, type EmbeddedStore } from "@avx/store";
import { makeColumn, STEP_MS } from "./sample-columns.ts";

const HOUR_MS = 3_600_000;
const RETENTION_MS = 30 * 24 * HOUR_MS;
/** Samples of all series that one append brings. */
const SAMPLES_PER_APPEND = 240;
/** Jiffies of /proc are 10 ms. */
const JIFFY_SECONDS = 0.01;

const hours = Number(process.argv[2] ?? 24);
const series = Number(process.argv[3] ?? 1000);
const count = (hours * HOUR_MS) / STEP_MS;
const t0 = Math.floor((Date.now() - hours * HOUR_MS) / HOUR_MS) * HOUR_MS;
const columns = Array.from({ length: series }, (_, i) => makeColumn(i, t0, count));

/** CPU seconds of this process and of the engine. */
function cpuSeconds(store: EmbeddedStore): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync(`/proc/${store.enginePid()}/stat`, "latin1")
    .split(") ")[1]
    ?.split(" ");
  return (user + system) / 1e6 + (Number(fields?.[11]) + Number(fields?.[12])) * JIFFY_SECONDS;
}

async function measure(retentionMs: number | "off") {
  const dataDir = mkdtempSync(join(tmpdir(), "avx-bench-"));
  const store = await createEmbeddedStore({ dataDir, retentionMs, nowMs: Date.now, log: () => {} });
  for (let from = 0; from < count; from += SAMPLES_PER_APPEND) {
    const to = Math.min(count, from + SAMPLES_PER_APPEND);
    const part = columns.map(({ labels, timestampsMs, values }) => ({
      labels,
      timestampsMs: timestampsMs.subarray(from, to),
      values: values.subarray(from, to),
    }));
    await store.metrics.append({ series: part, metadata: [], exemplars: [] });
  }
  const before = cpuSeconds(store);
  await store.flush();
  const cpu = cpuSeconds(store) - before;
  const uses = await store.admin.storageUse();
  const bytesOf = (signal: string): number => uses.find((one) => one.signal === signal)?.bytes ?? 0;
  await store.close();
  rmSync(dataDir, { recursive: true, force: true });
  return { cpu, raw: bytesOf("metrics"), rollups: bytesOf("rollups") };
}

const samples = series * count;
const perMillion = (value: number): number => Number(((value / samples) * 1e6).toFixed(3));
const perSample = (bytes: number): number => Number((bytes / samples).toFixed(3));
const without = await measure("off");
const withRollups = await measure(RETENTION_MS);
process.stdout.write(
  `${JSON.stringify({
    bench: "store-rollups",
    samples,
    toEngineCpuSecondsPerMillion: {
      without: perMillion(without.cpu),
      with: perMillion(withRollups.cpu),
    },
    bytesPerSample: { raw: perSample(withRollups.raw), rollups: perSample(withRollups.rollups) },
    rollupBytesPerSeriesAndDay: Math.round((withRollups.rollups / series / hours) * 24),
  })}\n`,
);
