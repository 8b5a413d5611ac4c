import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { evenlySpaced } from "../time-series.ts";
import { fitted } from "./fixtures/r-answers.ts";
import { createForecaster } from "./registry.ts";

/** Public series with the sMAPE of R's models on each; see its README for the sources. */
const DATA = join(import.meta.dirname, "../../../../../shared/data/forecast");
const isThere = existsSync(DATA);
if (!isThere) console.warn("skipped: R's scores by series want ../shared/data/forecast");

interface Series {
  readonly id: string;
  readonly train: readonly number[];
  readonly test: readonly number[];
}

/** The file's content; its shape is the one that its README promises. */
function read(name: string) {
  return JSON.parse(gunzipSync(readFileSync(join(DATA, `${name}.json.gz`))).toString("utf8"));
}

function sMape(test: readonly number[], mean: Float64Array): number {
  const sum = test.reduce((total, value, step) => {
    const size = Math.abs(value) + Math.abs(mean[step]!);
    return total + (size > 0 ? Math.abs(value - mean[step]!) / size : 0);
  }, 0);
  return (200 * sum) / test.length;
}

/** sMAPE of ours and of R's, by series. */
function pairs(kind: string, ours: string, theirs: string): (readonly [number, number])[] {
  const { series, m }: { series: readonly Series[]; m: number } = read(kind);
  const scores: Record<string, readonly number[]> = read("baselines").kinds[kind][theirs];
  return series.map(({ id, train, test }) => {
    const forecaster = createForecaster(ours, m > 1 ? [m] : []);
    const { mean } = fitted(forecaster, evenlySpaced(train, { stepMs: 1 })).forecast(
      test.length,
      0,
    );
    return [sMape(test, mean), scores[id]?.[0] ?? Number.NaN];
  });
}

describe.runIf(isThere)("errors on public series are those of R", () => {
  // Shares below 1 are searches that end elsewhere; where they do, nothing is lost: see the last column.
  it.each([
    { kind: "m3_quarterly", ours: "naive", theirs: "naive", share: 1, ratio: 1 },
    { kind: "m3_quarterly", ours: "seasonal-naive", theirs: "snaive", share: 1, ratio: 1 },
    { kind: "m3_quarterly", ours: "naive2", theirs: "naive2", share: 1, ratio: 1 },
    { kind: "m3_monthly", ours: "naive2", theirs: "naive2", share: 1, ratio: 1 },
    { kind: "tourism_monthly", ours: "naive2", theirs: "naive2", share: 1, ratio: 1 },
    { kind: "obs_hourly", ours: "naive2", theirs: "naive2", share: 1, ratio: 1 },
    { kind: "m3_yearly", ours: "ses", theirs: "ses", share: 0.97, ratio: 1.005 },
    { kind: "m3_yearly", ours: "theta", theirs: "thetaf", share: 0.97, ratio: 1.005 },
    { kind: "m3_quarterly", ours: "theta", theirs: "thetaf", share: 0.97, ratio: 1.005 },
    { kind: "m3_monthly", ours: "theta", theirs: "thetaf", share: 0.97, ratio: 1.005 },
    { kind: "m3_yearly", ours: "auto-arima", theirs: "auto.arima", share: 0.85, ratio: 1.06 },
    { kind: "m3_quarterly", ours: "auto-ets", theirs: "ets", share: 0.25, ratio: 1 },
  ])("$kind: $ours as R's $theirs for $share of the series, with $ratio of its error", (row) => {
    const all = pairs(row.kind, row.ours, row.theirs);
    const equal = all.filter(([a, b]) => Math.abs(a - b) <= 2e-3 * b + 1e-6).length;
    const ratio = all.reduce((sum, [a]) => sum + a, 0) / all.reduce((sum, [, b]) => sum + b, 0);
    expect(equal / all.length).toBeGreaterThanOrEqual(row.share);
    expect(ratio).toBeLessThanOrEqual(row.ratio + 1e-4);
  });
});
