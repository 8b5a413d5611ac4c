/** Width and height of a sparkline's drawing area, in its own units. */
export interface SparklineSize {
  readonly width: number;
  readonly height: number;
}

/** Room at top and bottom for the thickness of the line. */
const MARGIN = 1.5;

/**
 * The SVG path of evenly spaced values from 0 to their maximum, one sub-path a run without gaps; a
 * lone value becomes a short dash. Empty when there is no value.
 */
export function sparklinePath(
  values: readonly (number | null)[],
  { width, height }: SparklineSize,
): string {
  const maximum = values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  const stepX = values.length > 1 ? width / (values.length - 1) : 0;
  const drop = (value: number): number =>
    maximum === 0 ? 0 : (value / maximum) * (height - 2 * MARGIN);
  let path = "";
  let isOpen = false;
  values.forEach((value, i) => {
    if (value === null) {
      isOpen = false;
      return;
    }
    const y = round(height - MARGIN - drop(value));
    const isLone = !isOpen && (values[i + 1] ?? null) === null;
    path += isLone
      ? `M${round(i * stepX - 1)} ${y}h2`
      : `${isOpen ? "L" : "M"}${round(i * stepX)} ${y}`;
    isOpen = true;
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
