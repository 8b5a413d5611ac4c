/**
 * Runs seeded histories of the metric store over a simulated disk and engine: torn and failing writes,
 * lost answers, lost power, deletions in between; and counts acknowledged samples that are lost, reverted,
 * invented or back after their deletion. Prints one JSON line.
 * Usage: node bench/store-simulator.ts [histories, default 20000] [first seed, default 1000000]
 */
import { runMetricHistories } from "../packages/store/src/testing/metric-histories.ts";

const histories = Number(process.argv[2] ?? 20_000);
const firstSeed = Number(process.argv[3] ?? 1_000_000);
const begun = process.cpuUsage();
const counts = await runMetricHistories(firstSeed, histories);
const { user, system } = process.cpuUsage(begun);
const cpuSeconds = Math.round((user + system) / 1e5) / 10;
process.stdout.write(
  `${JSON.stringify({ bench: "store-simulator", firstSeed, ...counts, cpuSeconds })}\n`,
);
