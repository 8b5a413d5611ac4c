import { describe, expect, it } from "vitest";
import { serviceStatus } from "./service-status.ts";

const healthy = { errorRatio: 0, failedRequests: 0, openAnomalies: 0, sampleAgeMs: 1000 };
const failing = (errorRatio: number, failedRequests: number) => ({
  ...healthy,
  ...{ errorRatio, failedRequests },
});

describe("serviceStatus", () => {
  it.each([
    ["ok", healthy],
    ["ok", { ...healthy, errorRatio: null, failedRequests: null }],
    ["ok", failing(0.5, 1)],
    ["ok", failing(1, 2)],
    ["failing", failing(1, 3)],
    ["degraded", failing(0.01, 3)],
    ["degraded", { ...healthy, openAnomalies: 1 }],
    ["failing", { ...failing(0.05, 40), openAnomalies: 3 }],
    ["stale", { ...failing(1, 50), sampleAgeMs: 61_000 }],
    ["stale", { ...healthy, sampleAgeMs: null }],
  ] as const)("is %s for %o", (status, input) => expect(serviceStatus(input)).toBe(status));
});
