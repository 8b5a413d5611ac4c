import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSeries } from "./anomaly-series.ts";
import { VARIANTS } from "./anomaly-variants.ts";

/** The public sets and their scorer lie beside the repository; they are no part of it. */
const BESIDE = join(import.meta.dirname, "..", "..", "shared");
const DATA = join(BESIDE, "data", "anomaly");
const SCORER = join(BESIDE, "score-anomaly.mjs");

/**
 * NAB standard scores of published detectors on the same 29 series, each with its own best
 * threshold: their result files in numenta/NAB (commit ea702d7), scored by the same scorer.
 */
const PUBLISHED_NAB_STANDARD = {
  CadOse: 68.7,
  ArTime: 68.5,
  NumentaHtm: 66.7,
  SkylineEarthgecko: 55.9,
  RandomCutForest: 46.4,
  RelativeEntropy: 44.9,
  TwitterAdVec: 44.1,
};

type Scores = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

/** Prints the figures of the streaming detector beside the z-score and published detectors. */
export function printAnomalyClaim(): void {
  if (!existsSync(DATA) || !existsSync(SCORER)) {
    console.error(`the public anomaly sets and their scorer are not at ${BESIDE}`);
    process.exit(2);
  }
  const folder = mkdtempSync(join(tmpdir(), "avx-anomaly-"));
  try {
    const streaming = judged({ data: DATA, detector: "Streaming", folder });
    const zScore = judged({ data: DATA, detector: "ZScore", folder });
    console.log(
      JSON.stringify({
        ...streaming.cost,
        streaming: tableOf(streaming.scores),
        zScoreThreeSigma: tableOf(zScore.scores),
        publishedNabStandard: PUBLISHED_NAB_STANDARD,
        meanOfNineVariants: meanOfVariants(folder),
      }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Run {
  readonly data: string;
  readonly detector: string;
  readonly folder: string;
}

function judged({ data, detector, folder }: Run, ...options: readonly string[]) {
  const out = join(folder, "scores.jsonl");
  const bench = join(import.meta.dirname, "anomaly.ts");
  const text = answerOf([bench, "--data", data, "--out", out, "--detector", detector]);
  const scored = answerOf([SCORER, "--data", data, "--scores", out, "--json", ...options]);
  const figure = (name: string) => Number(new RegExp(`${name} ([\\d.]+)`).exec(text)?.[1]);
  const scores: Scores = JSON.parse(scored);
  const cost = {
    points: figure("points"),
    cpuMicrosecondsPerPoint: figure("CPU microseconds per point"),
    stateBytesPerSeries: figure("state bytes per series"),
  };
  return { scores, cost };
}

function answerOf(command: readonly string[]): string {
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, command, options);
  if (status !== 0) throw new Error(`${command.join(" ")} failed: ${stderr}`);
  return stdout;
}

function tableOf(scores: Scores) {
  const groups = ["nab", "synth", "kpi"].map((group) => {
    const found = scores[group] ?? {};
    return [
      group,
      {
        nabStandard: found["nab_standard"],
        nabAsShipped: found["nab_default"],
        vusPr: found["vus_pr"],
        precision: found["event_precision"],
        recall: found["event_recall"],
        f1: found["event_f1"],
        falsePerSeriesDay: found["false_per_day"],
        ...(group === "synth" ? { onsetToPageSeconds: found["onset_delay_s"] } : {}),
      },
    ] as const;
  });
  return Object.fromEntries(groups);
}

function meanOfVariants(folder: string) {
  const data = join(folder, "variant.jsonl");
  const runs = Object.values(VARIANTS).map((variant) => {
    const lines = Array.from(readSeries(DATA), (line) => JSON.stringify(variant(line)));
    writeFileSync(data, lines.join("\n"));
    return judged({ data, detector: "Streaming", folder }, "--no-vus").scores;
  });
  const mean = (group: string, name: string) =>
    runs.reduce((sum, scores) => sum + (scores[group]?.[name] ?? Number.NaN), 0) / runs.length;
  return {
    nabAsShipped: mean("nab", "nab_default"),
    nabF1: mean("nab", "event_f1"),
    nabFalsePerSeriesDay: mean("nab", "false_per_day"),
    synthF1: mean("synth", "event_f1"),
    synthFalsePerSeriesDay: mean("synth", "false_per_day"),
    kpiF1: mean("kpi", "event_f1"),
  };
}
