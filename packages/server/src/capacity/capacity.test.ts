import { labelsFromRecord } from "@avx/model";
import { createQueryEngine } from "@avx/promql";
import { createMemoryStore } from "@avx/store";
import { describe, expect, it } from "vitest";
import type { CapacityRow } from "../contract.ts";
import { createLocalFits } from "../forecasts/fit-pool.ts";
import { createCapacity } from "./capacity.ts";
import { crossingOf, outlookOf } from "./outlook.ts";
import { recordOwnResources } from "./own-resources.ts";
import { byUrgency } from "./rank.ts";

const MINUTE_MS = 60_000;
const NOW_MS = 1_700_000_100_000 - (1_700_000_100_000 % (5 * MINUTE_MS));

function history(value: (minute: number) => number, minutes: number) {
  return {
    stepMs: MINUTE_MS,
    endMs: NOW_MS,
    series: {
      timestampsMs: Float64Array.from(
        { length: minutes },
        (_, i) => NOW_MS - (minutes - 1 - i) * MINUTE_MS,
      ),
      values: Float64Array.from({ length: minutes }, (_, i) => value(i)),
    },
  };
}

/** It fills by half a point a minute, a little unevenly. */
const filling = (minute: number): number => 10 + 0.5 * minute + 0.3 * Math.sin(minute ** 2);

const fits = createLocalFits();

describe("outlookOf", () => {
  it("says when a resource that fills runs out, between its bounds", async () => {
    // 10 + 0.5 m reaches 80 at m = 140; the history ends at m = 119.
    const outlook = await outlookOf(history(filling, 120), { limit: 80, mode: "auto" }, fits);
    if (outlook.kind !== "runs-out") throw new Error(outlook.kind);
    const inMinutes = (timeMs: number | null) => ((timeMs ?? 0) - NOW_MS) / MINUTE_MS;
    expect(inMinutes(outlook.atMs)).toBeGreaterThanOrEqual(17);
    expect(inMinutes(outlook.atMs)).toBeLessThanOrEqual(30);
    expect(outlook.earliestMs).toBeLessThanOrEqual(outlook.atMs ?? 0);
    if (outlook.latestMs !== null)
      expect(outlook.latestMs).toBeGreaterThanOrEqual(outlook.atMs ?? 0);
    expect(outlook.backtest?.skill).toBeGreaterThan(0);
  });

  it("looks half as far ahead as it saw, and says until when it holds", async () => {
    const outlook = await outlookOf(history(filling, 120), { limit: 1000, mode: "auto" }, fits);
    expect(outlook).toMatchObject({ kind: "holds", untilMs: NOW_MS + 60 * MINUTE_MS });
  });

  const short = { kind: "insufficient-history", neededSamples: 30, stepMs: MINUTE_MS } as const;
  it.each([
    ["it has run out", history(() => 90, 120), { kind: "reached" }],
    ["there is too little history", history(filling, 12), { ...short, haveSamples: 12 }],
    ["there is none", history(filling, 0), { ...short, haveSamples: 0 }],
    [
      "its history is no numbers",
      history(() => Number.NEGATIVE_INFINITY, 120),
      { kind: "refused", reason: "infinite-values" },
    ],
  ] as const)("says when %s", async (_, seen, outlook) => {
    expect(await outlookOf(seen, { limit: 80, mode: "fast" }, fits)).toEqual(outlook);
  });

  it("says when no limit is known", async () => {
    const options = { limit: undefined, mode: "fast" } as const;
    expect(await outlookOf(history(filling, 120), options, fits)).toEqual({ kind: "no-limit" });
  });
});

describe("crossingOf", () => {
  const timestampsMs = [1, 2, 3];
  it("takes the first step of each column that meets the limit", () => {
    const columns = { timestampsMs, mean: [4, 5, 6], lower: [1, 2, 3], upper: [5, 6, 7] };
    expect(crossingOf(columns, 5)).toEqual({ earliestMs: 1, atMs: 2, latestMs: null });
    expect(crossingOf(columns, 7)).toEqual({ earliestMs: 3, atMs: null, latestMs: null });
    expect(crossingOf(columns, 8)).toBeUndefined();
  });
});

describe("byUrgency", () => {
  const row = (service: string, outlook: CapacityRow["outlook"], current = 0): CapacityRow => ({
    ...{ resource: "cpu", limitMetric: null, unit: "cores", service, current, limit: 1, outlook },
  });
  const basis = { model: "m", level: 0.95, untilMs: 100, backtest: null };
  const runsOut = (atMs: number | null, earliestMs: number) =>
    ({ kind: "runs-out", atMs, earliestMs, latestMs: null, ...basis }) as const;

  it("puts what runs out first before what may, and that before what holds", () => {
    const rows = [
      row("unknown", { kind: "no-limit" }),
      row("half", { kind: "holds", ...basis }, 0.5),
      row("may", runsOut(null, 1)),
      row("later", runsOut(50, 40)),
      row("full", { kind: "holds", ...basis }, 0.9),
      row("sooner", runsOut(20, 15)),
      row("out", { kind: "reached" }),
    ];
    expect(rows.sort(byUrgency).map(({ service }) => service)).toEqual([
      ...["out", "sooner", "later", "may", "full", "half", "unknown"],
    ]);
  });
});

describe("createCapacity", () => {
  async function setup() {
    const store = createMemoryStore({ retentionMs: "off", nowMs: () => NOW_MS });
    const busy = history((minute) => filling(minute) / 100, 120).series;
    await store.metrics.append({
      series: [
        {
          labels: labelsFromRecord({
            __name__: "nodejs_eventloop_utilization_ratio",
            service_name: "api",
          }),
          ...busy,
        },
      ],
      metadata: [],
      exemplars: [],
    });
    const engine = createQueryEngine({ reader: store.metrics });
    let clockMs = NOW_MS;
    const capacity = createCapacity({
      ...{ engine, maxSeries: 1000, nowMs: () => clockMs, fits: createLocalFits() },
    });
    return { store, capacity, advance: (ms: number) => (clockMs += ms) };
  }

  it("has a row for each resource that has samples, and the server's own", async () => {
    const { store, capacity } = await setup();
    await recordOwnResources(store, NOW_MS, { usedBytes: 40, sizeBytes: 100 });
    const { rows } = await capacity.current();
    expect(
      rows.map(({ resource, service, current, limit, outlook }) => ({
        ...{ resource, service, current, limit, kind: outlook.kind },
      })),
    ).toEqual([
      {
        ...{ resource: "event-loop", service: "api", limit: 1, kind: "runs-out" },
        current: filling(119) / 100,
      },
      {
        ...{ resource: "disk", service: "", current: 40, limit: 100 },
        kind: "insufficient-history",
      },
      {
        ...{ resource: "active-series", service: "", current: 1, limit: 1000 },
        kind: "insufficient-history",
      },
    ]);
  });

  it("is made once a minute, whoever asks", async () => {
    const { store, capacity, advance } = await setup();
    const [first, second] = await Promise.all([capacity.current(), capacity.current()]);
    expect(second).toBe(first);
    await recordOwnResources(store, NOW_MS, undefined);
    advance(30_000);
    expect(await capacity.current()).toBe(first);
    advance(31_000);
    expect((await capacity.current()).rows.length).toBe(first.rows.length + 1);
  });
});
