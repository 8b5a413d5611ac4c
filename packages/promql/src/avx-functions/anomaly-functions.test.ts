import { createRandom, createStreamingDetector } from "@avx/analysis";
import { type LabelledSeries, labelsFromRecord } from "@avx/model";
import { describe, expect, it } from "vitest";
import { createQueryEngine } from "../evaluator/create-query-engine.ts";
import { parseExpr } from "../parser/parse.ts";
import { createMemorySeriesReader } from "../testing/memory-series-reader.ts";
import { AVX_SIGNATURES, createAvxFunctions } from "./avx-functions.ts";

const MINUTE_MS = 60_000;
const COUNT = 600;
const JUMP_AT = 500;
const random = createRandom(9);

/** One sample a minute around 20, and around 80 from minute 500 on. */
const JUMPY: LabelledSeries = {
  labels: labelsFromRecord({ __name__: "jumpy", pod: "a" }),
  timestampsMs: Float64Array.from({ length: COUNT }, (_, i) => i * MINUTE_MS),
  values: Float64Array.from({ length: COUNT }, (_, i) => (i < JUMP_AT ? 20 : 80) + random.normal()),
};
const YOUNG: LabelledSeries = {
  labels: labelsFromRecord({ __name__: "young" }),
  timestampsMs: JUMPY.timestampsMs.slice(-20),
  values: JUMPY.values.slice(-20),
};

async function range(query: string, fromMinute: number, toMinute: number) {
  const reader = createMemorySeriesReader([JUMPY, YOUNG]);
  const engine = createQueryEngine({ reader, extraFunctions: createAvxFunctions() });
  const { value } = await engine.range({
    ...{ query, startMs: fromMinute * MINUTE_MS, endMs: toMinute * MINUTE_MS, stepMs: MINUTE_MS },
  });
  if (value.type !== "matrix") throw new Error(`a ${value.type}`);
  return value.series;
}

describe("avx_anomaly_score and the expected band", () => {
  it("says of each step what a detector fed with the samples up to it says", async () => {
    const detector = createStreamingDetector();
    const wanted = Array.from({ length: COUNT }, (_, i) =>
      detector.push(i * MINUTE_MS, JUMPY.values[i]!),
    ).slice(400);
    const [score] = await range("avx_anomaly_score(jumpy[10h])", 400, COUNT - 1);
    const [lower] = await range("avx_expected_lower(jumpy[10h])", 400, COUNT - 1);
    const [upper] = await range("avx_expected_upper(jumpy[10h])", 400, COUNT - 1);
    expect([...score!.values]).toEqual(wanted.map((verdict) => verdict.score));
    expect([...lower!.values]).toEqual(wanted.map((verdict) => verdict.expectedLower));
    expect([...upper!.values]).toEqual(wanted.map((verdict) => verdict.expectedUpper));
  });

  it("rises above 0.75 where a level jumps, and never before", async () => {
    const [series] = await range("avx_anomaly_score(jumpy[10h])", 400, COUNT - 1);
    const first = series!.values.findIndex((score) => score >= 0.75);
    expect(400 + first).toBeGreaterThanOrEqual(JUMP_AT);
    expect(400 + first).toBeLessThanOrEqual(JUMP_AT + 1);
  });

  it("says the same of a step whatever comes after it", async () => {
    const [whole] = await range("avx_anomaly_score(jumpy[10h])", 400, COUNT - 1);
    const [part] = await range("avx_anomaly_score(jumpy[10h])", 400, 450);
    expect([...part!.values]).toEqual([...whole!.values.slice(0, 51)]);
  });

  it("keeps the labels, not the name; has nothing to say of a young series", async () => {
    const [series] = await range("avx_anomaly_score(jumpy[10h])", 400, 410);
    expect(series?.labels).toEqual(["pod", "a"]);
    expect(await range("avx_anomaly_score(young[10h])", 590, 599)).toEqual([]);
  });

  it("reads a metric of the same name as a metric", () => {
    const options = { extraFunctions: AVX_SIGNATURES };
    expect(parseExpr("avx_anomaly_score{service_name='a'}", options).type).toBe("vectorSelector");
    expect(parseExpr("avx_anomaly_score(x[1d])", options).type).toBe("call");
    expect(() => parseExpr("avx_anomaly_score(x)", options)).toThrow();
  });
});
