import { describe, expect, it } from "vitest";
import { requestUrl } from "./api-client.ts";
import { gridLength, gridTimestamps, instantQuery, layOnGrid, rangeQuery } from "./prometheus.ts";
import { ARRIVAL_DELAY_MS, fixedStepGrid, rateWindow, stepGrid } from "./query-step.ts";
import { errorShareQuery, eventLoopQuery, latencyQuery, rateQuery } from "./signal-queries.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = 1_764_000_003_700;

describe("stepGrid", () => {
  it.each([
    [15 * 60_000, 5_000],
    [HOUR_MS, 10_000],
    [6 * HOUR_MS, 60_000],
    [24 * HOUR_MS, 300_000],
    [400 * 24 * HOUR_MS, 24 * HOUR_MS],
  ])("cuts %d ms into steps of %d ms, never more than 400", (lengthMs, stepMs) => {
    const grid = stepGrid({ startMs: NOW_MS - lengthMs, endMs: NOW_MS }, NOW_MS);
    expect(grid.stepMs).toBe(stepMs);
    expect(gridLength(grid)).toBeLessThanOrEqual(401);
  });

  it("has points that stay where they are while the window moves", () => {
    const first = stepGrid({ startMs: NOW_MS - HOUR_MS, endMs: NOW_MS }, NOW_MS);
    const later = stepGrid(
      { startMs: NOW_MS + 3_000 - HOUR_MS, endMs: NOW_MS + 3_000 },
      NOW_MS + 3_000,
    );
    expect(later.startMs % later.stepMs).toBe(0);
    expect((later.startMs - first.startMs) % first.stepMs).toBe(0);
  });

  it("ends before what is still arriving, so that no false drop is drawn", () => {
    const live = stepGrid({ startMs: NOW_MS - HOUR_MS, endMs: NOW_MS }, NOW_MS);
    expect(live.endMs).toBeLessThanOrEqual(NOW_MS - ARRIVAL_DELAY_MS);
    const past = stepGrid({ startMs: NOW_MS - 3 * HOUR_MS, endMs: NOW_MS - HOUR_MS }, NOW_MS);
    expect(NOW_MS - HOUR_MS - past.endMs).toBeLessThan(past.stepMs);
  });

  it("has at least one point, also for a window in the future", () => {
    const grid = stepGrid({ startMs: NOW_MS + HOUR_MS, endMs: NOW_MS + 2 * HOUR_MS }, NOW_MS);
    expect(gridLength(grid)).toBe(1);
  });
});

describe("fixedStepGrid", () => {
  it("takes the step that was chosen, unless the server would refuse so many points", () => {
    const hour = { startMs: NOW_MS - HOUR_MS, endMs: NOW_MS };
    expect(fixedStepGrid(hour, NOW_MS, 1_000).stepMs).toBe(1_000);
    const year = { startMs: NOW_MS - 365 * 24 * HOUR_MS, endMs: NOW_MS };
    const grid = fixedStepGrid(year, NOW_MS, 1_000);
    expect(gridLength(grid)).toBeLessThanOrEqual(11_000);
    expect(gridLength(grid)).toBeGreaterThan(10_000);
  });
});

describe("rateWindow", () => {
  it("covers every step, so that no sample and no spike is left out", () => {
    expect(rateWindow(300_000)).toBe("300s");
    expect(rateWindow(5_000)).toBe("60s");
  });
});

describe("rangeQuery", () => {
  const grid = { startMs: 1_000_000, endMs: 1_040_000, stepMs: 10_000 };

  it("asks in seconds", () => {
    expect(requestUrl(rangeQuery("up", grid))).toBe(
      "/api/v1/query_range?query=up&start=1000.000&end=1040.000&step=10",
    );
  });

  it("lays samples on the grid; steps without one, NaN and infinities are gaps", () => {
    const answer = rangeQuery("up", grid).check(
      {
        status: "success",
        data: {
          resultType: "matrix",
          result: [
            {
              metric: { job: "a" },
              values: [
                [1000, "1.5"],
                [1010, "NaN"],
                [1030, "+Inf"],
                [1040, "-2e3"],
              ],
            },
          ],
        },
      },
      "answer",
    );
    expect(answer.series).toEqual([
      { labels: { job: "a" }, values: [1.5, null, null, null, -2000] },
    ]);
    expect(gridTimestamps(answer.grid)).toEqual([
      1_000_000, 1_010_000, 1_020_000, 1_030_000, 1_040_000,
    ]);
  });

  it("leaves out samples beyond the grid", () => {
    expect(
      layOnGrid(
        [
          [990, 1],
          [1050, 2],
          [1020, 3],
        ],
        grid,
      ),
    ).toEqual([null, null, 3, null, null]);
  });

  it("says where an answer is not as agreed", () => {
    const { check } = rangeQuery("up", grid);
    expect(() => check({ data: { resultType: "vector" } }, "answer")).toThrow(
      "answer.data.resultType: expected matrix",
    );
    expect(() =>
      check(
        { data: { resultType: "matrix", result: [{ metric: {}, values: [[1, 2]] }] } },
        "answer",
      ),
    ).toThrow('answer.data.result[0].values[0]: expected [time, "value"]');
  });
});

describe("instantQuery", () => {
  it("keeps finite samples with their labels", () => {
    const { check } = instantQuery("up", 5_000);
    const result = [
      { metric: { a: "1" }, value: [5, "2"] },
      { metric: { a: "2" }, value: [5, "NaN"] },
    ];
    expect(check({ data: { resultType: "vector", result } }, "answer")).toEqual([
      { labels: { a: "1" }, value: 2 },
    ]);
  });
});

describe("queries", () => {
  it("quote a service's name, whatever it holds", () => {
    const query = rateQuery({ service: 'a"} or vector(1) #\\\n', stepMs: 5_000 });
    expect(query).toBe(
      'sum by (service_name) (rate(http_server_request_duration_seconds_count{service_name="a\\"} or vector(1) #\\\\\\n"}[60s]))',
    );
  });

  it("ask for all services at once without a selector", () => {
    expect(latencyQuery({ service: null, stepMs: 300_000 }, 0.99)).toBe(
      "histogram_quantile(0.99, sum by (service_name, le) (rate(http_server_request_duration_seconds_bucket[300s])))",
    );
    expect(eventLoopQuery({ service: null, stepMs: 5_000 })).toBe(
      "max by (service_name) (max_over_time(nodejs_eventloop_utilization_ratio[60s]))",
    );
  });

  it("give an error share of 0, not a gap, where nothing failed", () => {
    expect(errorShareQuery({ service: "a", stepMs: 5_000 })).toContain(
      "or 0 * sum by (service_name)",
    );
  });
});
