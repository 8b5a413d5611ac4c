/**
 * How long the dashboard's chart takes to draw 100,000 points in a real browser, from new data to
 * pixels that can be read: one line of 100,000 points, ten of 10,000, and forty (the most that the
 * metrics page draws) of 2500. The same with the path that uPlot makes on its own, at the width of
 * its line. Prints one JSON line; `drawMs` is the median of the slowest of these shapes. The browser
 * draws without a GPU.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { build } from "vite";
import { launchBrowser } from "../e2e/browser.ts";

const PAGE = join(import.meta.dirname, "../packages/dashboard/src/testing/chart-draw-page.ts");
const SHAPES = [
  { lines: 1, pointsPerLine: 100_000 },
  { lines: 10, pointsPerLine: 10_000 },
  { lines: 40, pointsPerLine: 2500 },
] as const;
/** The first draws compile the code; they are left out. */
const WARM_UP_ROUNDS = 5;
const ROUNDS = WARM_UP_ROUNDS + 31;

interface DrawTimes {
  readonly pointsDrawn: number;
  readonly drawMs: readonly number[];
  readonly spikeIsSeen: boolean;
}

interface Figures {
  readonly pointsDrawn: number;
  readonly medianMs: number;
  readonly bestMs: number;
  readonly spikeIsSeen: boolean;
}

/** Builds the page to one script and one style sheet, and opens it empty but for them. */
async function openPage(page: Page): Promise<void> {
  const out = mkdtempSync(join(tmpdir(), "avx-chart-draw-"));
  try {
    await build({
      configFile: false,
      logLevel: "error",
      build: {
        outDir: out,
        target: "es2023",
        lib: {
          entry: PAGE,
          formats: ["iife"],
          name: "chart",
          fileName: () => "page.js",
          cssFileName: "page",
        },
      },
    });
    await page.setContent("<!doctype html><html data-theme='dark'><body></body></html>");
    await page.addStyleTag({ content: readFileSync(join(out, "page.css"), "utf8") });
    await page.addScriptTag({ content: readFileSync(join(out, "page.js"), "utf8") });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

async function measure(page: Page, task: object): Promise<Figures> {
  const wanted = JSON.stringify({ ...task, rounds: ROUNDS });
  const { pointsDrawn, drawMs, spikeIsSeen } = await page.evaluate<DrawTimes>(
    `chart.drawCharts(${wanted})`,
  );
  const sorted = drawMs.slice(WARM_UP_ROUNDS).sort((a, b) => a - b);
  const rounded = (ms = Number.NaN): number => Math.round(ms * 10) / 10;
  return {
    pointsDrawn,
    medianMs: rounded(sorted[Math.floor(sorted.length / 2)]),
    bestMs: rounded(sorted[0]),
    spikeIsSeen,
  };
}

const browser = await launchBrowser();
try {
  const page = await browser.newPage({ locale: "en", viewport: { width: 1440, height: 900 } });
  await openPage(page);
  const shapes: Record<string, Record<string, Figures>> = {};
  const ours: Figures[] = [];
  for (const shape of SHAPES) {
    const figures = await measure(page, { ...shape, path: "ours" });
    const uplot = await measure(page, { ...shape, path: "uplot" });
    ours.push(figures);
    shapes[`${shape.lines} x ${shape.pointsPerLine}`] = { ours: figures, uplot };
  }
  console.log(
    JSON.stringify({
      pointsDrawn: Math.min(...ours.map(({ pointsDrawn }) => pointsDrawn)),
      drawMs: Math.max(...ours.map(({ medianMs }) => medianMs)),
      spikeIsSeen: ours.every(({ spikeIsSeen }) => spikeIsSeen),
      ...shapes,
    }),
  );
} finally {
  await browser.close();
}
