import type { CapacityAnswer, CapacityRow } from "@avx/server/contract";
import type { FakeWorld } from "./fake-answers.ts";

const HOUR_MS = 3_600_000;

/** `/api/avx/capacity`: every kind of outlook, as far as there are services for them. */
export function fakeCapacity({ services, nowMs }: FakeWorld): CapacityAnswer {
  const basis = {
    model: "53 % dynamic-optimised-theta + 30 % auto-ets + 17 % drift",
    level: 0.95,
    untilMs: nowMs + 12 * HOUR_MS,
    backtest: {
      ...{ origins: 4, meanAbsoluteError: 0.01, naiveError: 0.03, skill: 0.66 },
      meanAbsolutePercentageError: 0.043,
      worstPercentageError: 0.08,
      weightedPercentageError: 0.04,
      coverage: 0.94,
    },
  };
  const loop = { resource: "event-loop", unit: "ratio", limit: 1, limitMetric: null } as const;
  const outlooks: readonly Omit<CapacityRow, "service">[] = [
    {
      ...{ ...loop, current: 0.82 },
      outlook: {
        ...{ kind: "runs-out", ...basis, atMs: nowMs + 3 * HOUR_MS },
        earliestMs: nowMs + 2 * HOUR_MS,
        latestMs: nowMs + 5 * HOUR_MS,
      },
    },
    {
      ...{ resource: "cpu", unit: "cores", limit: 1, limitMetric: null, current: 0.61 },
      outlook: {
        ...{ kind: "runs-out", ...basis, atMs: null, latestMs: null },
        earliestMs: nowMs + 9 * HOUR_MS,
      },
    },
    { ...loop, current: 0.3, outlook: { kind: "holds", ...basis } },
    { ...loop, current: 0.2, outlook: { kind: "refused", reason: "no-better-than-naive" } },
    {
      ...{ resource: "memory", unit: "By", current: 181_000_000, limit: null },
      limitMetric: "container_memory_limit_bytes",
      outlook: { kind: "no-limit" },
    },
    {
      ...{ resource: "connections", unit: "1", current: 342, limit: 1024 },
      limitMetric: "process_open_file_descriptor_limit",
      outlook: { kind: "holds", ...basis },
    },
    {
      ...{ resource: "heap", unit: "By", current: 81_000_000, limit: 4.3e9 },
      limitMetric: "v8js_memory_heap_max_bytes",
      outlook: { kind: "insufficient-history", haveSamples: 9, neededSamples: 30, stepMs: 60_000 },
    },
  ];
  const rows = services.flatMap(({ name }, i) => {
    const outlook = outlooks[i % outlooks.length];
    return outlook === undefined ? [] : [{ service: name, ...outlook }];
  });
  if (services.length === 0) return { madeMs: nowMs, rows: [] };
  const own: CapacityRow = {
    ...{ resource: "disk", service: "", unit: "By", current: 4.1e10, limit: 1e11 },
    limitMetric: "avx_server_disk_size_bytes",
    outlook: { kind: "insufficient-history", haveSamples: 12, neededSamples: 30, stepMs: 60_000 },
  };
  return { madeMs: nowMs, rows: [...rows, own] };
}
