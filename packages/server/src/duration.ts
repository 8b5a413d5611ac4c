const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

const DURATION =
  /^(?:(\d+)(y))?(?:(\d+)(w))?(?:(\d+)(d))?(?:(\d+)(h))?(?:(\d+)(m))?(?:(\d+)(s))?(?:(\d+)(ms))?$/;

/**
 * Milliseconds of a Prometheus duration such as `1h30m`; undefined when it is none, or longer than
 * can be counted exactly.
 */
export function parseDurationMs(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null || text === "") return undefined;
  let totalMs = 0;
  for (let i = 1; i < match.length; i += 2) {
    if (match[i] !== undefined) totalMs += Number(match[i]) * (UNIT_MS[match[i + 1] ?? ""] ?? 0);
  }
  return Number.isSafeInteger(totalMs) ? totalMs : undefined;
}
