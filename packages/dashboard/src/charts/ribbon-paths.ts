import type { AnomalyRibbon } from "@avx/server/contract";

/** How a cell is drawn: told apart by height and colour. Cells that were not judged are left empty. */
export type RibbonLevel = "calm" | "unusual" | "event";

/** All cells of one level as one SVG path. */
export interface RibbonPath {
  readonly level: RibbonLevel;
  readonly d: string;
}

/** From this score on a sample is unusual: half the way from never to always seen. */
const UNUSUAL_SCORE = 0.5;
/** A calm cell is a low bar, so that it is told from one that was not judged. */
const LEAST_HEIGHT = 0.15;
const LEVELS: readonly RibbonLevel[] = ["calm", "unusual", "event"];

type Cells = Pick<AnomalyRibbon, "scores" | "events">;

/** The level of a cell; `null`: nothing was judged in it. */
export function ribbonLevel({ scores, events }: Cells, cell: number): RibbonLevel | null {
  if ((events[cell] ?? 0) > 0) return "event";
  const score = scores[cell] ?? null;
  if (score === null) return null;
  return score >= UNUSUAL_SCORE ? "unusual" : "calm";
}

/** The bars of a ribbon from its bottom edge: as high as the score, full where an event was open. */
export function ribbonPaths(
  cells: Cells,
  { width, height }: { readonly width: number; readonly height: number },
): readonly RibbonPath[] {
  const cellWidth = width / Math.max(1, cells.scores.length);
  const barOf = (cell: number, level: RibbonLevel): string => {
    const share = level === "event" ? 1 : Math.max(LEAST_HEIGHT, cells.scores[cell] ?? 0);
    const barHeight = round(Math.min(1, share) * height);
    return `M${round(cell * cellWidth)} ${height}v${-barHeight}h${round(cellWidth)}v${barHeight}z`;
  };
  return LEVELS.flatMap((level) => {
    const bars = cells.scores.flatMap((_, cell) =>
      ribbonLevel(cells, cell) === level ? [barOf(cell, level)] : [],
    );
    return bars.length === 0 ? [] : [{ level, d: bars.join("") }];
  });
}

/** The cell with the worst score, the first of equal ones; -1 when none was judged. */
export function worstCell({ scores }: Cells): number {
  return scores.reduce<number>(
    (worst, score, cell) =>
      score !== null && (worst < 0 || score > (scores[worst] ?? 0)) ? cell : worst,
    -1,
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
