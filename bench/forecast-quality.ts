/**
 * How good the forecasts are: OWA, MSIS and coverage on ten public kinds of data beside the best
 * combination of R's models, as an outside scorer finds them, and how well the gate of "forecastable to
 * 10 %" holds. Wants the data beside the repository; says so when it is not there. Prints one JSON line.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readJobs } from "./forecasting/forecast-jobs.ts";
import { gateRows } from "./forecasting/gate-table.ts";

const SHARED = join(import.meta.dirname, "../../shared");
const DATA = join(SHARED, "data/forecast");
const SCORER = join(SHARED, "score-forecast.mjs");
const MAX_SCORER_BYTES = 16 * 1024 * 1024;

/** What the scorer says of one method on one kind. */
interface Score {
  readonly n: number;
  readonly owa: number;
  readonly skill: number;
  readonly msis: number;
  readonly cov: number;
  readonly ms: number;
}

interface KindScores {
  readonly candidate: Score;
  readonly baselines: Readonly<Record<string, Score>>;
}

type Scores = Readonly<Record<string, KindScores>>;

function run(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    maxBuffer: MAX_SCORER_BYTES,
  });
  if (status !== 0) throw new Error(`${args.join(" ")} failed:\n${stdout}${stderr}`);
  return stdout;
}

function scoresOf(mode: "auto" | "fast", folder: string): Scores {
  const file = join(folder, `${mode}.jsonl`);
  run([join(import.meta.dirname, "forecast.ts"), "--data", DATA, "--mode", mode, "--out", file]);
  return JSON.parse(run([SCORER, DATA, file, "--json"]));
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

function row(kind: string, { candidate, baselines }: KindScores, fast: Score | undefined) {
  const best = baselines["r_best"];
  if (best === undefined) throw new Error(`no R combination is stored for ${kind}`);
  const singles = Object.entries(baselines).filter(([name, { n }]) => {
    return n === candidate.n && !/^(ens_|comb|r_best|npm_|flair)/.test(name);
  });
  const single = Math.min(...singles.map(([, { owa }]) => owa));
  return {
    kind,
    series: candidate.n,
    OWA: rounded(candidate.owa, 3),
    "OWA, fast": rounded(fast?.owa ?? Number.NaN, 3),
    "best R combination": rounded(best.owa, 3),
    "best R model": rounded(single, 3),
    "skill over seasonal naive": rounded(candidate.skill, 2),
    "95 % holds": rounded(candidate.cov, 1),
    "R's holds": rounded(best.cov, 1),
    "MSIS / R's": rounded(candidate.msis / best.msis, 3),
    "CPU ms": rounded(candidate.ms, 1),
    "CPU ms, fast": rounded(fast?.ms ?? Number.NaN, 1),
    "R's CPU ms": rounded(best.ms, 1),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function measure(folder: string) {
  const auto = scoresOf("auto", folder);
  const fast = scoresOf("fast", folder);
  const kinds = Object.entries(auto).map(([kind, scores]) => {
    return row(kind, scores, fast[kind]?.candidate);
  });
  return {
    "mean OWA, auto": rounded(mean(kinds.map((kind) => kind.OWA)), 4),
    "mean OWA, fast": rounded(mean(kinds.map((kind) => kind["OWA, fast"])), 4),
    "mean OWA, best R combination by kind": rounded(
      mean(kinds.map((kind) => kind["best R combination"])),
      4,
    ),
    kinds,
    gate: gateRows(readJobs(DATA)),
  };
}

if (existsSync(SCORER) && existsSync(DATA)) {
  const folder = mkdtempSync(join(tmpdir(), "forecast-quality-"));
  try {
    console.log(JSON.stringify(measure(folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
} else {
  const skipped = "the data and its scorer are not in ../shared: see docs/reference/forecasting.md";
  console.log(JSON.stringify({ skipped }));
}
