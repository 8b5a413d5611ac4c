import { describe, expect, it } from "vitest";
import { combineAnswers } from "./combine-answers.ts";
import type { Answer } from "./use-answer.ts";

const failure = { kind: "network", status: 0, detail: "" } as const;
const ready = (data: number, receivedMs: number): Answer<number> => ({
  kind: "ready",
  data,
  receivedMs,
  failure: null,
});
const loading: Answer<number> = { kind: "loading", sinceMs: 5 };

describe("combineAnswers", () => {
  it("is all data with the age of the oldest", () => {
    expect(combineAnswers([ready(1, 20), ready(2, 10)])).toEqual({
      kind: "ready",
      data: [1, 2],
      receivedMs: 10,
      failure: null,
    });
  });

  it("waits while one is awaited, and fails when one failed", () => {
    expect(combineAnswers([ready(1, 20), loading])).toEqual(loading);
    expect(combineAnswers([loading, { kind: "error", failure }])).toEqual({
      kind: "error",
      failure,
    });
  });

  it("says that a refresh failed when one did", () => {
    const stale: Answer<number> = { kind: "ready", data: 3, receivedMs: 1, failure };
    expect(combineAnswers([ready(1, 20), stale])).toMatchObject({ kind: "ready", failure });
  });
});
