import type { CapacityOutlook, CapacityRow } from "../contract.ts";

/** Kinds of outlook, the most pressing first. */
const KINDS: readonly CapacityOutlook["kind"][] = [
  "reached",
  "runs-out",
  "holds",
  "refused",
  "insufficient-history",
  "no-limit",
];

/** What runs out first comes first; of what holds, what is fullest. */
export function byUrgency(a: CapacityRow, b: CapacityRow): number {
  const kinds = KINDS.indexOf(a.outlook.kind) - KINDS.indexOf(b.outlook.kind);
  if (kinds !== 0) return kinds;
  const times = timeOf(a.outlook) - timeOf(b.outlook);
  if (times !== 0 && !Number.isNaN(times)) return times;
  return fullness(b) - fullness(a) || (a.service < b.service ? -1 : 1);
}

/** A forecast that meets the limit is more pressing than a bound that does. */
function timeOf(outlook: CapacityOutlook): number {
  if (outlook.kind !== "runs-out") return 0;
  return outlook.atMs ?? outlook.untilMs + outlook.earliestMs;
}

function fullness({ current, limit }: CapacityRow): number {
  return current === null || limit === null ? 0 : current / limit;
}
