/**
 * Scores the public anomaly sets with the streaming detector, sample by sample as they would have
 * come in: `node bench/anomaly.ts --data DIR --out FILE`. Writes JSONL `{id, scores, alerts}` and
 * prints the CPU time and the state size of one series. `--detector ZScore` (or `Iqr`,
 * `MovingAverage`, `Ensemble`) scores a baseline instead, with its defaults. Without `--data`, as
 * `npm run bench anomaly`: the whole table, when the sets lie beside the repository.
 */
import { createWriteStream } from "node:fs";
import { parseArgs } from "node:util";
import {
  createEnsembleDetector,
  createIqrDetector,
  createMovingAverageDetector,
  createStreamingDetector,
  createTimeSeries,
  createZScoreDetector,
  type Detector,
} from "@avx/analysis";
import { printAnomalyClaim } from "./anomaly-claim.ts";
import { readSeries, type SeriesLine } from "./anomaly-series.ts";

const { values: args } = parseArgs({
  options: {
    data: { type: "string" },
    out: { type: "string" },
    detector: { type: "string", default: "Streaming" },
  },
});
if (args.data === undefined && args.out === undefined) {
  printAnomalyClaim();
  process.exit();
}
if (args.data === undefined || args.out === undefined) {
  console.error("usage: node bench/anomaly.ts --data DIR --out FILE");
  process.exit(2);
}

const BASELINES: Readonly<Record<string, Detector>> = {
  ZScore: createZScoreDetector(),
  Iqr: createIqrDetector(),
  MovingAverage: createMovingAverageDetector(),
  Ensemble: createEnsembleDetector(),
};
const baseline = BASELINES[args.detector];
if (baseline === undefined && args.detector !== "Streaming") {
  console.error(`unknown detector ${args.detector}`);
  process.exit(2);
}

const output = createWriteStream(args.out);
let points = 0;
let cpuMicroseconds = 0;
for (const line of readSeries(args.data)) {
  const before = process.cpuUsage();
  const { scores, alerts } = baseline === undefined ? stream(line) : detect(line, baseline);
  const used = process.cpuUsage(before);
  cpuMicroseconds += used.user + used.system;
  points += line.v.length;
  output.write(`${JSON.stringify({ id: line.id, scores, alerts })}\n`);
}
output.end();
console.log(`points ${points}`);
console.log(`CPU microseconds per point ${(cpuMicroseconds / points).toFixed(2)}`);
console.log(`state bytes per series ${createStreamingDetector().stateBytes}`);

function stream(line: SeriesLine) {
  const detector = createStreamingDetector();
  const scores = new Array<number>(line.v.length);
  const alerts = new Array<number>(line.v.length);
  for (let i = 0; i < line.v.length; i++) {
    const verdict = detector.push(1000 * (line.t[i] ?? Number.NaN), line.v[i] ?? Number.NaN);
    scores[i] = verdict.score;
    alerts[i] = verdict.page ? 1 : 0;
  }
  return { scores, alerts };
}

/** A baseline's score as s / (s + threshold), so that 0.5 is its own limit. */
function detect(line: SeriesLine, detector: Detector) {
  const { t, v } = inOrder(line);
  const { scores, anomalies } = detector.detect(createTimeSeries(t, v));
  const limit = anomalies[0]?.threshold ?? 1;
  const shown = Array.from(scores, (score) => {
    if (Number.isNaN(score)) return 0;
    return score === Number.POSITIVE_INFINITY ? 1 : score / (score + limit);
  });
  const found = new Set(anomalies.map(({ index }) => index));
  return { scores: shown, alerts: shown.map((_, i) => (found.has(i) ? 1 : 0)) };
}

/** A few NAB files repeat a timestamp at the change of the clock; a baseline only needs the order. */
function inOrder({ t, v }: SeriesLine) {
  const times = Float64Array.from(t);
  for (let i = 1; i < times.length; i++) {
    times[i] = Math.max(times[i] ?? 0, (times[i - 1] ?? 0) + 1e-3);
  }
  return { t: times, v: Float64Array.from(v, (value) => value ?? Number.NaN) };
}
