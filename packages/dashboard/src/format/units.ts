/** The units that the page shows. `1` is a plain count, `ratio` is shown in percent. */
export const UNITS = ["s", "1/s", "ratio", "1", "By", "By/s"] as const;
/** What a number on the page measures; decides its magnitude and how it is written. */
export type Unit = (typeof UNITS)[number];

/** How a chart shows its numbers: value × `factor`, followed by `suffix`. One for a whole chart. */
export interface Magnitude {
  readonly factor: number;
  readonly suffix: string;
}

interface Step extends Magnitude {
  /** The magnitude applies from this largest value on. */
  readonly from: number;
}

const SECONDS: readonly Step[] = [
  { from: 1, factor: 1, suffix: "s" },
  { from: 1e-3, factor: 1e3, suffix: "ms" },
  { from: 0, factor: 1e6, suffix: "µs" },
];

const SI: readonly Step[] = [
  { from: 1e9, factor: 1e-9, suffix: "G" },
  { from: 1e6, factor: 1e-6, suffix: "M" },
  { from: 1e4, factor: 1e-3, suffix: "k" },
  { from: 0, factor: 1, suffix: "" },
];

/** Decimal prefixes, as the OpenTelemetry unit `By` is a byte and not 1/1024 of anything. */
const BYTES: readonly Step[] = [
  { from: 1e9, factor: 1e-9, suffix: "GB" },
  { from: 1e6, factor: 1e-6, suffix: "MB" },
  { from: 1e3, factor: 1e-3, suffix: "kB" },
  { from: 0, factor: 1, suffix: "B" },
];

/** The magnitude for values up to `maxAbsolute` of `unit`; for NaN or 0 that of the plain unit. */
export function magnitudeOf(unit: Unit, maxAbsolute: number): Magnitude {
  const size = Number.isFinite(maxAbsolute) ? Math.abs(maxAbsolute) : 0;
  switch (unit) {
    case "s":
      return size === 0 ? { factor: 1e3, suffix: "ms" } : pick(SECONDS, size);
    case "1/s": {
      const { factor, suffix } = pick(SI, size);
      return { factor, suffix: `${suffix}/s` };
    }
    case "ratio":
      return { factor: 100, suffix: "%" };
    case "1":
      return pick(SI, size);
    case "By":
      return pick(BYTES, size);
    case "By/s": {
      const { factor, suffix } = pick(BYTES, size);
      return { factor, suffix: `${suffix}/s` };
    }
  }
}

function pick(steps: readonly Step[], size: number): Magnitude {
  const last = { factor: 1, suffix: "" };
  const { factor, suffix } = steps.find((step) => size >= step.from) ?? last;
  return { factor, suffix };
}

/**
 * Decimals that show three significant digits of `value` below 1000, and none beyond. 0 and
 * non-finite values need none. At most 4, so that noise near 0 does not become a long tail.
 */
export function decimalsFor(value: number): number {
  const size = Math.abs(value);
  if (!Number.isFinite(size) || size === 0) return 0;
  return Math.min(4, Math.max(0, 2 - Math.floor(Math.log10(size))));
}
