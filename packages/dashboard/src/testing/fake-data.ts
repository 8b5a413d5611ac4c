import type { DataAnswer, StorageAnswer } from "@avx/server/contract";
import type { FakeWorld } from "./fake-answers.ts";

const DAY_MS = 86_400_000;
const METRICS = [
  "http_server_request_duration_seconds_bucket",
  "nodejs_eventloop_utilization_ratio",
  "<img src=x onerror=window.__xss=11>",
];

/** `/api/avx/data`: the first service has gaps and a clock ahead. */
export function fakeData({ services, nowMs }: FakeWorld): DataAnswer {
  const share = (name: string, series: number) => ({
    ...{ name, series, samples: series * 60, bytesPerDay: series * 5_760 * 1.3 },
  });
  const refusals = { refused: 0, duplicates: 0, late: 0 };
  const whole = { accuracy: 1, completeness: 1, consistency: 1, validity: 1, overall: 1 };
  const names = services.map(({ name }) => name);
  const [first = ""] = names;
  const example = `nodejs_eventloop_utilization_ratio{service_name=${JSON.stringify(first)}}`;
  const where = { service: first, metric: "nodejs_eventloop_utilization_ratio", example };
  return {
    ...{ nowMs, windowMs: 900_000, seriesLimit: 100_000, serviceSeriesLimit: 20_000 },
    series: names.length * 142,
    metrics: names.length === 0 ? [] : METRICS.map((name, i) => share(name, [90, 40, 12][i] ?? 1)),
    services: names.map((name, i) => ({
      ...share(name, 142 - i),
      ...(i === 0 ? { refused: 31, duplicates: 4, late: 2 } : refusals),
    })),
    labels: [
      { name: "http_route", values: 31, series: 90 },
      { name: "service_name", values: names.length, series: 142 },
    ],
    quality: names.map((service, i) => ({
      ...{ service, series: 142, ...whole, meetsStandard: i > 0 },
      ...(i === 0 ? { completeness: 0.71, overall: 0.93 } : {}),
    })),
    findings:
      names.length === 0
        ? []
        : [
            { kind: "gap", ...where, series: 9, amount: 14 },
            { kind: "clock_ahead", ...where, metric: "", example: "", series: 142, amount: 7_400 },
          ],
  };
}

/** `/api/avx/storage`: a week of metrics, a day of traces; logs have none. */
export function fakeStorage({ nowMs }: FakeWorld): StorageAnswer {
  const none = { bytes: 0, logBytes: 0, days: 0, oldestMs: null, bytesPerDay: null };
  return {
    nowMs,
    signals: [
      {
        ...{ signal: "metrics", bytes: 3.2e9, logBytes: 4.1e7, days: 7, bytesPerDay: 4.6e8 },
        ...{
          oldestMs: nowMs - 7 * DAY_MS,
          retentionMs: 30 * DAY_MS,
          bytesAtFullRetention: 1.38e10,
        },
      },
      {
        ...{ signal: "traces", bytes: 9.1e8, logBytes: 1.2e7, days: 1, bytesPerDay: 9.4e8 },
        ...{ oldestMs: nowMs - DAY_MS, retentionMs: 7 * DAY_MS, bytesAtFullRetention: 6.6e9 },
      },
      { signal: "logs", ...none, retentionMs: 7 * DAY_MS, bytesAtFullRetention: null },
      { signal: "events", ...none, retentionMs: null, bytesAtFullRetention: null },
    ],
  };
}
