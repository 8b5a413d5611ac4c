import { describe, expect, it } from "vitest";
import { createRandom } from "../../random.ts";
import { createStreamingDetector, type StreamingOptions } from "./streaming-detector.ts";

const STEP_MS = 5000;

interface Feed extends StreamingOptions {
  readonly stepMs?: number;
}

/** Pushes values one step apart and gives the verdicts. */
function verdictsOf(values: ArrayLike<number>, { stepMs = STEP_MS, ...options }: Feed = {}) {
  const detector = createStreamingDetector(options);
  return Array.from(values, (value, i) => detector.push(i * stepMs, value));
}

function pagesOf(values: ArrayLike<number>, feed: Feed = {}): number[] {
  return verdictsOf(values, feed).flatMap(({ page }, i) => (page ? [i] : []));
}

/** Latency of a quiet service in ms: 20 with some noise. */
function quietLatency(count: number, seed = 1): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => 20 * Math.exp(0.1 * random.normal()));
}

describe("a slow spell", () => {
  const spell = quietLatency(300).map((value, i) => (i >= 70 && i < 82 ? value + 400 : value));

  it("is paged once, at its second sample, after five minutes of warm-up at 5 s", () => {
    expect(pagesOf(spell)).toEqual([71]);
  });

  it("is paged at its first sample where the caller says that a second would confirm nothing", () => {
    expect(pagesOf(spell, { confirms: false })[0]).toBe(70);
  });

  it("is named, lies outside the band, and its score opens, stays and closes the alarm", () => {
    const verdicts = verdictsOf(spell);
    const page = verdicts[71];
    expect(page?.reason).toBe("jump-up");
    expect(page?.score).toBeGreaterThanOrEqual(0.75);
    expect(verdicts[70]?.expectedUpper).toBeLessThan(100);
    expect(verdicts[75]?.reason).toBe("ongoing");
    expect(verdicts[75]?.score).toBeGreaterThanOrEqual(0.5);
    expect(verdicts[200]?.score).toBeLessThan(0.5);
  });

  it("is paged whether samples come each second, minute or hour", () => {
    for (const stepMs of [1, 1000, 60_000]) expect(pagesOf(spell, { stepMs })).toEqual([71]);
    expect(pagesOf(spell, { stepMs: 3_600_000 })).toContain(70);
  });
});

describe("what is not paged", () => {
  it("is noise", () => {
    for (const seed of [2, 3, 4]) expect(pagesOf(quietLatency(3000, seed))).toEqual([]);
  });

  it("is anything while warming up", () => {
    const verdicts = verdictsOf([...quietLatency(20), 900, 900, 900]);
    expect(verdicts.every(({ page, score }) => !page && score === 0)).toBe(true);
    expect(verdicts.at(-1)?.reason).toBe("warming-up");
  });

  it("is a blip of one sample in a fast series", () => {
    expect(pagesOf(quietLatency(400).map((value, i) => (i === 300 ? 500 : value)))).toEqual([]);
  });

  it("is the new level once it has been paged", () => {
    const shifted = quietLatency(1500).map((value, i) => (i >= 500 ? value + 100 : value));
    expect(pagesOf(shifted)).toEqual([501]);
  });

  it("is a series that never changed", () => {
    expect(pagesOf(new Float64Array(5000))).toEqual([]);
  });

  it("is a rare event, save once when a first cluster of them comes", () => {
    const random = createRandom(12);
    const rare = Array.from({ length: 5000 }, () => (random.uniform() < 0.01 ? 1 : 0));
    expect(pagesOf(rare).length).toBeLessThanOrEqual(1);
  });

  it("is a saw-tooth after its second tooth", () => {
    const random = createRandom(13);
    const heap = Array.from({ length: 4000 }, (_, i) => 100 + (i % 400) + 5 * random.normal());
    expect(pagesOf(heap)).toEqual([401, 801]);
  });

  it("is the first sample after a gap", () => {
    const detector = createStreamingDetector();
    const values = quietLatency(200);
    for (const [i, value] of values.entries()) detector.push(i * STEP_MS, value);
    const verdict = detector.push(400 * STEP_MS, 900);
    expect(verdict).toMatchObject({ page: false, reason: "after-gap" });
  });
});

describe("input that is not in order", () => {
  it("is refused without harm: NaN, infinities, duplicates, steps back", () => {
    const clean = createStreamingDetector();
    const soiled = createStreamingDetector();
    for (const [i, value] of quietLatency(300).entries()) {
      const expected = clean.push(i * STEP_MS, value);
      expect(soiled.push(i * STEP_MS, value)).toEqual(expected);
      expect(soiled.push(i * STEP_MS + 1, Number.NaN).reason).toBe("not-a-number");
      expect(soiled.push(i * STEP_MS, Number.POSITIVE_INFINITY).reason).toBe("not-a-number");
      expect(soiled.push(i * STEP_MS, 900).reason).toBe("out-of-order");
      expect(soiled.push(i * STEP_MS - 10_000, 900).page).toBe(false);
    }
  });

  it("is huge, and leaves the state finite", () => {
    const detector = createStreamingDetector();
    for (const [i, value] of quietLatency(300).entries()) {
      const huge = i % 50 === 49 ? (i % 100 === 99 ? -1e29 : 1e29) : value;
      const { score } = detector.push(i * STEP_MS, huge);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(detector.push(i * STEP_MS + 1, 1e31).reason).toBe("not-a-number");
    }
    // A state with a number that is not finite is refused.
    createStreamingDetector().restore(detector.save());
  });

  it("is an option out of range", () => {
    expect(() => createStreamingDetector({ warmUpSamples: 5 })).toThrow("warmUpSamples");
  });
});

describe("a counter", () => {
  /** A counter that rises by `rates` per second and restarts at `resetAt`. */
  function counterOf(rates: readonly number[], resetAt = -1): number[] {
    let total = 1000;
    return rates.map((rate, i) => {
      total = i === resetAt ? 0 : total + (rate * STEP_MS) / 1000;
      return total;
    });
  }

  it("is judged by its rate: a restart of the process is no page of its own", () => {
    const rates = quietLatency(600, 6);
    expect(pagesOf(counterOf(rates, 400), { kind: "counter" })).toEqual([]);
  });

  it("is paged when its rate stops", () => {
    const rates = quietLatency(600, 7).map((rate, i) => (i >= 500 ? 0 : rate));
    const pages = pagesOf(counterOf(rates), { kind: "counter" });
    expect(pages[0]).toBeGreaterThanOrEqual(500);
    expect(pages[0]).toBeLessThanOrEqual(502);
  });
});

describe("the first errors of a service that never had any", () => {
  it("are paged at their second sample", () => {
    const errors = Array.from({ length: 600 }, (_, i) => (i < 500 ? 0 : 5));
    expect(pagesOf(errors)).toEqual([501]);
  });
});

describe("silence", () => {
  it("is absence after five intervals, and not before", () => {
    const detector = createStreamingDetector();
    for (const [i, value] of quietLatency(100).entries()) detector.push(i * STEP_MS, value);
    expect(detector.silence(102 * STEP_MS)).toMatchObject({ page: false, reason: "normal" });
    expect(detector.silence(110 * STEP_MS)).toMatchObject({ page: true, reason: "absent" });
  });
});

describe("causality and state", () => {
  const values = quietLatency(900, 2).map((value, i) => (i % 97 > 93 ? value * 9 : value));

  it("is strictly causal: a prefix of the series gets the same verdicts", () => {
    const whole = verdictsOf(values, { stepMs: 300_000 });
    for (const end of [1, 50, 98, 200, 577, 899]) {
      expect(verdictsOf(values.slice(0, end), { stepMs: 300_000 })).toEqual(whole.slice(0, end));
    }
  });

  it("continues from a saved state, through JSON, as if it had never stopped", () => {
    const whole = verdictsOf(values, { stepMs: 300_000 });
    for (const cut of [1, 8, 150, 600]) {
      const first = createStreamingDetector();
      for (let i = 0; i < cut; i++) first.push(i * 300_000, values[i]!);
      const second = createStreamingDetector();
      second.restore(JSON.parse(JSON.stringify(first.save())));
      const rest = values.slice(cut).map((value, i) => second.push((cut + i) * 300_000, value));
      expect(rest).toEqual(whole.slice(cut));
    }
  });

  it("serves many series in turn by packing their states", () => {
    const others = values.map((value) => 3 * value + 7);
    const detector = createStreamingDetector();
    const rows = [values, others].map(() => new Uint8Array(detector.stateBytes));
    for (const row of rows) createStreamingDetector().pack(row);
    const found = values.map((_, i) =>
      [values, others].map((series, at) => {
        detector.unpack(rows[at]!, undefined);
        const verdict = detector.push(i * 300_000, series[i]!);
        detector.pack(rows[at]!);
        return verdict;
      }),
    );
    const alone = (series: readonly number[]) => verdictsOf(series, { stepMs: 300_000 });
    expect(found.map(([first]) => first)).toEqual(alone(values));
    expect(found.map(([, second]) => second)).toEqual(alone(others));
  });

  it("refuses a state of another shape or version", () => {
    const invalid = expect.objectContaining({ code: "invalid_state" });
    const detector = createStreamingDetector();
    const { packed } = detector.save();
    expect(() => detector.restore({ version: 5, packed: "AAAA" })).toThrow(invalid);
    const unknown: unknown = { version: 4, packed };
    // The cast stands for a state that an older process wrote.
    expect(() => detector.restore(unknown as ReturnType<typeof detector.save>)).toThrow(invalid);
  });

  it("takes no more memory as the stream goes on", () => {
    const detector = createStreamingDetector();
    const before = detector.stateBytes;
    for (const [i, value] of values.entries()) detector.push(i * STEP_MS, value);
    expect(detector.stateBytes).toBe(before);
    expect(before).toBeLessThanOrEqual(1500);
    expect(atob(detector.save().packed)).toHaveLength(before);
  });

  it("does not depend on where zero is", () => {
    const detected = pagesOf(values, { stepMs: 300_000 });
    expect(detected.length).toBeGreaterThan(0);
    const far = values.map((value) => value + 500);
    expect(pagesOf(far, { stepMs: 300_000 })).toEqual(detected);
  });
});
