import { labelsFromRecord, labelsToRecord } from "@avx/model";
import { createQueryEngine } from "@avx/promql";
import { createMemoryStore } from "@avx/store";
import { describe, expect, it } from "vitest";
import { recordOwnResources } from "../capacity/own-resources.ts";
import { createLocalFits } from "./fit-pool.ts";
import { createServiceForecasts } from "./service-forecasts.ts";

const MINUTE_MS = 60_000;
const HISTORY_MINUTES = 360;
const START_MS = 1_700_000_100_000;
const RUN_MS = START_MS + HISTORY_MINUTES * MINUTE_MS;

/** A busy event loop with an hourly wave that no hour repeats exactly. */
const utilization = (minute: number): number =>
  0.5 + 0.2 * Math.sin((2 * Math.PI * minute) / 60) + 0.02 * Math.sin(minute ** 2);

async function setup({
  services = ["api"],
  minutes = HISTORY_MINUTES,
  clock = (): number => 0,
  value = utilization,
} = {}) {
  const store = createMemoryStore({ retentionMs: "off", nowMs: () => RUN_MS });
  await store.metrics.append({
    series: services.map((service_name) => ({
      labels: labelsFromRecord({ __name__: "nodejs_eventloop_utilization_ratio", service_name }),
      timestampsMs: Float64Array.from({ length: minutes + 70 }, (_, i) => {
        return RUN_MS + (i - minutes) * MINUTE_MS;
      }),
      values: Float64Array.from({ length: minutes + 70 }, (_, i) => value(i)),
    })),
    metadata: [],
    exemplars: [],
  });
  const engine = createQueryEngine({ reader: store.metrics });
  const forecasts = createServiceForecasts({
    ...{ engine, metrics: store.metrics, nowMs: clock, fits: createLocalFits() },
  });
  const at = async (query: string, timeMs: number) => {
    const { value } = await engine.instant({ query, timeMs });
    if (value.type !== "vector") throw new Error(value.type);
    return value.samples.map((sample) => ({
      ...labelsToRecord(sample.labels),
      value: sample.value,
    }));
  };
  return { forecasts, at, store };
}

describe("the scheduled forecasts", () => {
  it("store mean and bounds under the time they were made at, with the horizon as label", async () => {
    const { forecasts, at } = await setup();
    expect(await forecasts.run(RUN_MS)).toEqual({ forecast: 1, refused: 0, left: 0 });
    const means = await at("avx_forecast_mean", RUN_MS);
    expect(means.map(({ value, ...labels }) => labels)).toEqual(
      ["1h", "30m", "5m"].map((horizon) => ({
        __name__: "avx_forecast_mean",
        ...{ service_name: "api", signal: "event_loop_utilization", horizon },
      })),
    );
    const near = means.find((row) => "horizon" in row && row.horizon === "5m");
    expect(Math.abs(near!.value - utilization(HISTORY_MINUTES + 5))).toBeLessThan(0.06);
    const ordered = "avx_forecast_lower < avx_forecast_mean < avx_forecast_upper";
    expect(await at(ordered, RUN_MS)).toHaveLength(3);
  });

  it("never put a sample where nothing has been measured yet", async () => {
    const { forecasts, at } = await setup();
    await forecasts.run(RUN_MS);
    const later = RUN_MS + 40 * MINUTE_MS;
    expect(await at('{__name__=~"avx_forecast.*"}', later)).toEqual([]);
  });

  it("judge the forecasts made one horizon ago by what then came", async () => {
    const { forecasts, at } = await setup();
    await forecasts.run(RUN_MS);
    const judgedMs = RUN_MS + 5 * MINUTE_MS;
    expect(await at("avx_forecast_error_ratio", RUN_MS)).toEqual([]);
    await forecasts.run(judgedMs);
    const [error] = await at("avx_forecast_error_ratio", judgedMs);
    const [stored] = await at('avx_forecast_mean{horizon="5m"}', RUN_MS);
    const actual = utilization(HISTORY_MINUTES + 5);
    expect(error).toMatchObject({ horizon: "5m", signal: "event_loop_utilization" });
    expect(error?.value).toBeCloseTo(Math.abs(actual - stored!.value) / actual, 9);
    expect(await at("avx_forecast_within_bounds", judgedMs)).toMatchObject([{ horizon: "5m" }]);
  });

  it("look only half as far ahead as the history goes back", async () => {
    const { forecasts, at } = await setup({ minutes: 70, value: () => 0.25 });
    await forecasts.run(RUN_MS);
    const horizons = (await at("count by (horizon) (avx_forecast_mean)", RUN_MS)).map((row) =>
      "horizon" in row ? row.horizon : "",
    );
    expect(horizons).toEqual(["30m", "5m"]);
  });

  it("cover what the server keeps of itself", async () => {
    const { forecasts, at, store } = await setup();
    // The first record makes series itself; it lies before the history, which is then constant.
    for (const minute of [-400, ...Array.from({ length: 31 }, (_, i) => i - 30)]) {
      const disk = { usedBytes: 1e9, sizeBytes: 1e10 };
      await recordOwnResources(store, RUN_MS + minute * MINUTE_MS, disk);
    }
    await forecasts.run(RUN_MS);
    const own = 'avx_forecast_mean{service_name="avx-server", horizon="5m"}';
    expect(await at(own, RUN_MS)).toMatchObject([
      { signal: "active_series", value: 4 },
      { signal: "disk_used_bytes", value: 1e9 },
    ]);
  });

  it("count what has too little history as refused", async () => {
    const { forecasts } = await setup({ minutes: 2 });
    expect(await forecasts.run(RUN_MS)).toMatchObject({ forecast: 0, refused: 1 });
  });

  it("tell the next steps from the newest run on, and what no run has looked at", async () => {
    const { forecasts } = await setup();
    const key = { signal: "event_loop_utilization", service: "api" };
    expect(forecasts.knows(key)).toBe(false);
    await forecasts.run(RUN_MS);
    expect(forecasts.knows(key)).toBe(true);
    const next = forecasts.next(key, RUN_MS + 4 * MINUTE_MS, 5);
    expect(next?.mean).toHaveLength(5);
    next?.mean.forEach((value, i) => {
      expect(Math.abs(value - utilization(HISTORY_MINUTES + 5 + i))).toBeLessThan(0.1);
    });
    expect(forecasts.next(key, RUN_MS + 120 * MINUTE_MS, 5)).toBeUndefined();
  });

  it("stop when their time is up, and go on there in the next run", async () => {
    let clockMs = 0;
    const clock = () => {
      clockMs += 45_000;
      return clockMs;
    };
    const { forecasts, at } = await setup({
      ...{ services: ["a", "b", "c", "d"], clock, value: () => 0.25 },
    });
    expect(await forecasts.run(RUN_MS)).toMatchObject({ forecast: 2, left: 2 });
    const served = async (timeMs: number) =>
      (await at('count by (service_name) (avx_forecast_mean{horizon="5m"})', timeMs)).map((row) =>
        "service_name" in row ? row.service_name : "",
      );
    expect(await served(RUN_MS)).toEqual(["a", "b"]);
    await forecasts.run(RUN_MS + 10 * MINUTE_MS);
    expect(await served(RUN_MS + 10 * MINUTE_MS)).toEqual(["c", "d"]);
  });
});
