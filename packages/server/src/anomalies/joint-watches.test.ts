import { createRandom } from "@avx/analysis";
import { describe, expect, it } from "vitest";
import type { JointOpinion } from "../contract.ts";
import { JOINT_SIGNALS } from "./joint-watch.ts";
import { createJointWatches } from "./joint-watches.ts";
import { goldenSeries } from "./live-detection.ts";
import { createLocalRoom } from "./local-room.ts";
import { PAGE_SCORE } from "./series-watch.ts";

const STEP_MS = 15_000;
const SERIES = JOINT_SIGNALS.map((signal) =>
  goldenSeries({ service: "cart", signal, unit: signal === "latency" ? "s" : "ratio" }),
);
const METRIC = { ...SERIES[0]!, key: "metric m", signal: "metric", metric: "m" } as const;

/** A service whose latency and saturation follow its traffic: latency 100 to 160 ms and back. */
function moments(count: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const traffic = 100 + 60 * Math.sin((2 * Math.PI * i) / 400) + 3 * random.normal();
    const latency = 0.05 + 0.001 * traffic + 0.004 * random.normal();
    const saturation = 0.2 + 0.003 * traffic + 0.01 * random.normal();
    return [latency, traffic, 0.01 + 0.002 * random.normal(), saturation];
  });
}

/** The samples of one moment; those that are NaN did not come. */
function columns(i: number, row: readonly number[]) {
  const came = [...row.keys()].filter((at) => !Number.isNaN(row[at]));
  return {
    ids: Uint32Array.from(came),
    timestampsMs: new Float64Array(came.length).fill((i + 1) * STEP_MS),
    values: Float64Array.from(came, (at) => row[at]!),
  };
}

const create = () => createJointWatches((id) => SERIES[id]);

function opinionsOf(rows: readonly (readonly number[])[], watches = create(), from = 0) {
  return rows.map((row, i) => watches.judge(columns(from + i, row)).get("cart"));
}

const worst = (opinions: readonly (JointOpinion | undefined)[]) =>
  opinions.reduce((a, b) => ((b?.score ?? 0) > (a?.score ?? 0) ? b : a), undefined);

describe("the golden signals of a service together", () => {
  it("stand out by a break that no signal shows alone", () => {
    for (const seed of [1, 2, 3]) {
      const rows = moments(2000, seed);
      // 0.2 s is what the busiest hour brings; sample 1900 is in the quietest.
      for (let i = 1900; i < 1908; i++) rows[i]![0] = 0.2;
      const latencies = rows.slice(0, 1900).map(([latency]) => latency!);
      expect(Math.max(...latencies)).toBeGreaterThan(0.2);
      const opinions = opinionsOf(rows);
      expect(worst(opinions.slice(0, 1900))?.score).toBeLessThan(0.5);
      const found = worst(opinions.slice(1900, 1908));
      expect(found?.score).toBeGreaterThanOrEqual(0.75);
      expect(found?.shares[0]?.signal).toBe("latency");
    }
  });

  it("give a spike of one signal the largest share", () => {
    const spikes = [0.6, 400, 0.2, 1];
    for (const [at, spike] of spikes.entries()) {
      const rows = moments(2000, 4);
      for (let i = 1700; i < 1706; i++) rows[i]![at] = spike;
      const found = worst(opinionsOf(rows).slice(1700, 1706));
      expect(found?.score).toBeGreaterThanOrEqual(0.75);
      expect(found?.shares[0]?.signal).toBe(JOINT_SIGNALS[at]);
      expect(found?.shares[0]?.share).toBeGreaterThan(0.5);
      const sum = found?.shares.reduce((total, { share }) => total + share, 0);
      expect(sum).toBeCloseTo(1, 9);
    }
  });

  it("are not judged in the first samples, nor where one of them is missing", () => {
    const rows = moments(300, 5);
    for (const i of [200, 201]) rows[i]![0] = Number.NaN;
    const opinions = opinionsOf(rows);
    const isJudged = opinions.map((opinion) => opinion !== undefined);
    expect(isJudged.indexOf(true)).toBe(100);
    expect(isJudged.slice(198, 204)).toEqual([true, true, false, false, true, true]);
  });

  it("take in a signal that the service has from now on", () => {
    const rows = moments(400, 6).map((row, i) => (i < 100 ? [...row.slice(0, 3), NaN] : row));
    for (let i = 380; i < 384; i++) rows[i]![3] = 1;
    expect(worst(opinionsOf(rows))?.shares[0]?.signal).toBe("saturation");
  });

  it("go on from a saved state with the same answers, and pass over a damaged one", () => {
    const rows = moments(700, 7);
    for (const i of [650, 651]) rows[i]![2] = 0.3;
    const first = create();
    opinionsOf(rows.slice(0, 400), first);
    const second = create();
    for (const state of first.states()) {
      expect(create().restore({ ...state, signals: ["latency"] })).toBe(false);
      expect(second.restore(JSON.parse(JSON.stringify(state)))).toBe(true);
    }
    const rest = opinionsOf(rows.slice(400), second, 400);
    expect(rest).toEqual(opinionsOf(rows).slice(400));
    expect(worst(rest)?.score).toBeGreaterThanOrEqual(0.75);
  });

  it("are those of services: other series are none of it", () => {
    const watches = createJointWatches((id) => [METRIC, SERIES[1]][id]);
    const rows = moments(300, 8).map(([latency, traffic]) => [latency!, traffic!]);
    expect(opinionsOf(rows, watches).every((opinion) => opinion === undefined)).toBe(true);
    expect([...watches.states()]).toEqual([]);
  });
});

describe("a room of watches with the second opinion", () => {
  const added = SERIES.map((series, id) => ({ id, series, threshold: PAGE_SCORE }));

  it("puts it on the event that is open, and never opens one by it", async () => {
    const room = createLocalRoom();
    const rows = moments(2000, 1);
    for (let i = 1700; i < 1706; i++) rows[i]![2] = 0.3;
    // A break of the whole only: no signal pages it, so there is no event.
    for (let i = 1900; i < 1908; i++) rows[i]![0] = 0.16;
    const changes = [];
    for (const [i, row] of rows.entries()) {
      const judged = await room.judge(i === 0 ? added : [], columns(i, row));
      changes.push(...judged.changes);
    }
    const opened = changes.filter(({ change }) => change === "opened");
    expect(opened.map(({ event }) => event.signal)).toEqual(["errors"]);
    const last = changes.findLast(({ event }) => event.signal === "errors");
    expect(last?.change).toBe("closed");
    expect(last?.event.joint?.score).toBeGreaterThanOrEqual(0.75);
    expect(last?.event.joint?.shares[0]?.signal).toBe("errors");
  });
});
