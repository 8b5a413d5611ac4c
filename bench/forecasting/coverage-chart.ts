import { autoForecast, evenlySpaced } from "@avx/analysis";
import type { ForecastJob } from "./forecast-jobs.ts";

const LEVELS = [0.5, 0.8, 0.9, 0.95];
/** Coverage is a share of many steps; every third series says it as well as all. */
const SERIES_STEP = 3;
const ROW_HEIGHT = 26;
const LEFT = 140;
const PLOT_WIDTH = 520;
/** The axis runs from here to 1. */
const LOWEST = 0.4;

/** Steps within the bounds as a share, by kind and level. */
type Coverage = ReadonlyMap<string, readonly number[]>;

/** An SVG with one row a kind: where each interval should lie (line) and where it does (dot). */
export function coverageChart(jobs: readonly ForecastJob[]): string {
  return draw(measure(jobs.filter((_, i) => i % SERIES_STEP === 0)));
}

function measure(jobs: readonly ForecastJob[]): Coverage {
  const counts = new Map<string, { held: number[]; steps: number }>();
  for (const job of jobs) {
    const count = counts.get(job.kind) ?? { held: LEVELS.map(() => 0), steps: 0 };
    counts.set(job.kind, count);
    count.steps += job.horizon;
    for (const [i, level] of LEVELS.entries()) {
      count.held[i] = (count.held[i] ?? 0) + stepsWithin(job, level);
    }
  }
  return new Map(
    [...counts].map(([kind, { held, steps }]) => [kind, held.map((number) => number / steps)]),
  );
}

function stepsWithin({ train, test, horizon, stepMs }: ForecastJob, level: number): number {
  const result = autoForecast(evenlySpaced(train, { stepMs }), { horizon, level });
  const forecast = result.kind === "forecast" ? result : result.fallback;
  if (forecast === undefined) return 0;
  return test.slice(0, horizon).filter((value, step) => {
    return value >= (forecast.lower[step] ?? 0) && value <= (forecast.upper[step] ?? 0);
  }).length;
}

function draw(coverage: Coverage): string {
  const height = (coverage.size + 2) * ROW_HEIGHT;
  const bottom = (coverage.size + 1) * ROW_HEIGHT;
  const lines = LEVELS.map((level) => {
    const x = place(level);
    return `<path d="M${x} ${ROW_HEIGHT / 2}V${bottom}" stroke="#999"/><text x="${x}" y="${bottom + 16}" text-anchor="middle">${100 * level} %</text>`;
  });
  const rows = [...coverage].map(([kind, shares], row) => {
    const y = (row + 1) * ROW_HEIGHT;
    const dots = shares.map((share, i) => {
      const title = `${kind}: ${(100 * share).toFixed(1)} % within the ${100 * (LEVELS[i] ?? 0)} % interval`;
      return `<circle cx="${place(share)}" cy="${y}" r="5" fill="${COLOURS[i]}"><title>${title}</title></circle>`;
    });
    return `<text x="${LEFT - 12}" y="${y + 4}" text-anchor="end">${kind}</text>${dots.join("")}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + PLOT_WIDTH + 20}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...lines,
    ...rows,
    "</svg>\n",
  ].join("\n");
}

/** One colour a level, told apart also by place; from the Okabe-Ito palette. */
const COLOURS = ["#0072b2", "#009e73", "#e69f00", "#d55e00"];

function place(share: number): number {
  return Math.round(LEFT + (PLOT_WIDTH * (Math.max(LOWEST, share) - LOWEST)) / (1 - LOWEST));
}
