import type { NotedFinding } from "./finding-list.ts";

/** A sender's clock may differ by this much before it is worth a word. */
const AHEAD_MS = 5000;
/** Exports come in bulk and late: so long after a sample it may still be on its way. */
const BEHIND_MS = 60_000;
const BEHIND_INTERVALS = 3;

/** The newest sample of a service. */
export interface ServiceClock {
  readonly newestMs: number;
  /** Distance of the samples of its series. */
  readonly stepMs: number;
}

/**
 * Services whose samples carry times that are not ours. A sample ahead of our clock is proof at
 * once. One that lies behind may only be silent: its service must have sent newer samples since the
 * report before.
 */
export function clockFindings(
  clocks: ReadonlyMap<string, ServiceClock>,
  before: ReadonlyMap<string, ServiceClock>,
  nowMs: number,
): NotedFinding[] {
  const found: NotedFinding[] = [];
  for (const [service, { newestMs, stepMs }] of clocks) {
    const where = { service, metric: "", series: 0 };
    const aheadMs = newestMs - nowMs;
    const behindMs = -aheadMs;
    if (aheadMs > AHEAD_MS) found.push({ kind: "clock_ahead", ...where, amount: aheadMs });
    const earlier = before.get(service);
    const goesOn = earlier !== undefined && newestMs > earlier.newestMs;
    if (goesOn && behindMs > Math.max(BEHIND_MS, BEHIND_INTERVALS * stepMs)) {
      found.push({ kind: "clock_behind", ...where, amount: behindMs });
    }
  }
  return found;
}
