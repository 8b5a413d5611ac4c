import { describe, expect, it } from "vitest";
import { serviceStatus } from "./service-status.ts";

const healthy = { errorRatio: 0, openAnomalies: 0, sampleAgeMs: 1000 };

describe("serviceStatus", () => {
  it.each([
    ["ok", healthy],
    ["ok", { ...healthy, errorRatio: null }],
    ["degraded", { ...healthy, errorRatio: 0.01 }],
    ["degraded", { ...healthy, openAnomalies: 1 }],
    ["failing", { ...healthy, errorRatio: 0.05, openAnomalies: 3 }],
    ["stale", { ...healthy, errorRatio: 1, sampleAgeMs: 61_000 }],
    ["stale", { ...healthy, sampleAgeMs: null }],
  ] as const)("is %s for %o", (status, input) => expect(serviceStatus(input)).toBe(status));
});
