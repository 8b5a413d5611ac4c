/** Series as services make them, the same on every run. */
import { type Labels, labelsFromRecord } from "@avx/model";

/** Distance of two samples. */
export const STEP_MS = 15_000;
const HOUR_MS = 3_600_000;

/** The samples of one series. */
export interface Column {
  readonly labels: Labels;
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
}

/** mulberry32. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function labelsOf(i: number): Labels {
  const target = { job: `job${i % 5}`, instance: `10.0.0.${i % 50}:9100` };
  if (i % 1000 < 400)
    return labelsFromRecord({
      __name__: "http_requests_total",
      code: `${200 + (i % 8)}`,
      handler: `/h${i >> 3}`,
      ...target,
    });
  if (i % 1000 < 900)
    return labelsFromRecord({
      __name__: "http_duration_bucket",
      le: `${(i % 10) / 10}`,
      handler: `/h${i}`,
      ...target,
    });
  if (i % 1000 < 950) return labelsFromRecord({ __name__: "memory_bytes", n: `${i}`, ...target });
  return labelsFromRecord({ __name__: "cpu_ratio", n: `${i}`, ...target });
}

/** 400 counters, 500 buckets, 50 page-sized gauges and 50 noisy ones; 20 % of scrapes jitter by 1 ms. */
export function makeColumn(i: number, t0: number, count: number): Column {
  const random = seededRandom(i + 42);
  const timestampsMs = new Float64Array(count);
  const values = new Float64Array(count);
  const rate = 0.1 * 1000 ** random();
  const offsetMs = Math.floor(random() * STEP_MS);
  let level = 0;
  for (let k = 0; k < count; k++) {
    const jitterMs = random() < 0.2 ? (random() < 0.5 ? -1 : 1) : 0;
    timestampsMs[k] = t0 + offsetMs + k * STEP_MS + jitterMs;
    const daily = 1 + 0.5 * Math.sin((2 * Math.PI * k * STEP_MS) / (24 * HOUR_MS));
    if (i % 1000 < 900) level += Math.round(rate * 15 * daily * (0.8 + 0.4 * random()));
    else if (i % 1000 < 950) level = 4096 * Math.round(50_000 + 5_000 * daily + 20 * random());
    else level = 0.3 * daily + 0.1 * random();
    values[k] = level;
  }
  return { labels: labelsOf(i), timestampsMs, values };
}
