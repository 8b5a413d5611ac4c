import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { createStreamingDetector, type StreamingOptions } from "./streaming-detector.ts";

const STEP_MS = 5000;

/** Pushes values one step apart and gives the verdicts. */
function verdictsOf(values: ArrayLike<number>, options: StreamingOptions = {}) {
  const detector = createStreamingDetector(options);
  return Array.from(values, (value, i) => detector.push(i * STEP_MS, value));
}

/** Latency of a quiet service in ms: 20 with some noise. */
function quietLatency(count: number, seed = 1): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => 20 * Math.exp(0.1 * random.normal()));
}

describe("createStreamingDetector", () => {
  it("pages a slow spell within two samples, after five minutes of warm-up at 5 s", () => {
    const values = quietLatency(100).map((value, i) => (i >= 70 && i < 82 ? value + 400 : value));
    const pages = verdictsOf(values).flatMap((verdict, i) => (verdict.page ? [i] : []));
    expect(pages.length).toBeGreaterThan(0);
    expect(pages[0]).toBeGreaterThanOrEqual(70);
    expect(pages[0]).toBeLessThanOrEqual(71);
  });

  it("says nothing while warming up", () => {
    const verdicts = verdictsOf([...quietLatency(20), 900, 900, 900]);
    expect(verdicts.every(({ page, score }) => !page && score === 0)).toBe(true);
    expect(verdicts[5]?.reason).toBe("warming-up");
  });

  it("is strictly causal: a prefix of the series gets the same verdicts", () => {
    const values = quietLatency(400, 2).map((value, i) => (i % 97 === 96 ? value * 9 : value));
    const whole = verdictsOf(values);
    for (const end of [1, 50, 98, 200, 399]) {
      expect(verdictsOf(values.slice(0, end))).toEqual(whole.slice(0, end));
    }
  });

  it("continues from a saved state, through JSON, as if it had never stopped", () => {
    const values = quietLatency(300, 3);
    const whole = createStreamingDetector();
    const first = createStreamingDetector();
    for (const [i, value] of values.slice(0, 150).entries()) {
      whole.push(i * STEP_MS, value);
      first.push(i * STEP_MS, value);
    }
    const second = createStreamingDetector();
    second.restore(JSON.parse(JSON.stringify(first.save())));
    for (const [i, value] of values.slice(150).entries()) {
      const time = (150 + i) * STEP_MS;
      expect(second.push(time, value)).toEqual(whole.push(time, value));
    }
  });

  it("refuses a state of another shape", () => {
    const invalid = expect.objectContaining({ code: "invalid_state" });
    const detector = createStreamingDetector();
    expect(() => detector.restore({ version: 2, numbers: [1, 2] })).toThrow(invalid);
  });
});
