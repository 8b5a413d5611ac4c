/** How a line is told apart: a colour by its CSS variable, and a dash besides. */
export interface SeriesStyle {
  /** Name of the CSS variable that holds the colour in the current theme. */
  readonly colour: string;
  /** Lengths of line and gap in CSS px; empty for a solid line. */
  readonly dash: readonly number[];
  readonly widthPx: number;
}

/** Hues of the categorical palette (styles/theme.css). None is red, orange or green. */
export const PALETTE_SIZE = 8;

const DASHES: readonly (readonly number[])[] = [[], [7, 4], [2, 3], [9, 3, 2, 3]];

/**
 * The style of a service: the same on every page and in every session, as it comes from a hash of
 * the name. Services whose hues collide mostly differ in their dash.
 */
export function serviceStyle(service: string): SeriesStyle {
  const hash = fnv1a(service);
  return {
    colour: `--series-${hash % PALETTE_SIZE}`,
    dash: DASHES[Math.floor(hash / PALETTE_SIZE) % DASHES.length] ?? [],
    widthPx: 1.75,
  };
}

/** Styles for lines that are no services: hues in turn, and with each round another dash. */
export function rankedStyle(rank: number): SeriesStyle {
  return {
    colour: `--series-${rank % PALETTE_SIZE}`,
    dash: DASHES[Math.floor(rank / PALETTE_SIZE) % DASHES.length] ?? [],
    widthPx: 1.75,
  };
}

/** The style of everything that is summed up as "other". */
export const OTHER_STYLE: SeriesStyle = { colour: "--text-muted", dash: [2, 3], widthPx: 1.5 };

/** FNV-1a, 32 bit, over UTF-16 units: http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // The low bits of short names are poor; fold the high ones in.
  return (hash ^ (hash >>> 15)) >>> 0;
}
