import {
  type Exemplar,
  type LabelledSeries,
  labelsFromRecord,
  METRIC_NAME,
  setStaleAt,
} from "@avx/model";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../fixtures/mutation.ts";
import { decodeWriteRequest } from "./decode-v1.ts";
import { encodeWriteRequest } from "./encode-v1.ts";
import { LabelCache } from "./label-cache.ts";

const T = 1_700_000_000_000;
/** Varints of one byte to ten, and both sides of the six bytes that times of today have. */
const TIMES = [0, 1, 127, 128, 2 ** 35 - 1, 2 ** 35, T, 2 ** 42 - 1, 2 ** 42, 2 ** 49, 2 ** 52, -5];

type Random = () => number;
const below = (random: Random, limit: number): number => Math.floor(random() * limit);

function seriesOf(n: number, random: Random): LabelledSeries {
  const samples = random() < 0.05 ? 0 : 1 + below(random, random() < 0.05 ? 100 : 4);
  const isOdd = random() < 0.05;
  const timestampsMs = Float64Array.from({ length: samples }, (_, k) =>
    isOdd ? TIMES[below(random, TIMES.length)]! : T + 15_000 * k,
  );
  const values = Float64Array.from({ length: samples }, () => random() * 1e6);
  if (samples > 0 && random() < 0.1) setStaleAt(values, 0);
  const labels = labelsFromRecord({ [METRIC_NAME]: "m".repeat(1 + (n % 9)), n: `${n}` });
  return { labels, timestampsMs, values };
}

/** Series 0 to 40, most of the time all of them in their order. */
function requestOf(random: Random): Uint8Array {
  const series: LabelledSeries[] = [];
  const exemplars: Exemplar[] = [];
  for (let n = 0; n < 40; n++) {
    if (random() < 0.01) continue;
    const one = seriesOf(random() < 0.005 ? 1000 + n : n, random);
    series.push(one);
    const trace = { seriesLabels: one.labels, labels: labelsFromRecord({ trace_id: "a" }) };
    if (random() < 0.02) exemplars.push({ ...trace, value: 1, timestampMs: T });
  }
  return encodeWriteRequest({ series, metadata: [], exemplars });
}

/** What a decoder says of the bytes, values bit for bit. */
function outcomeOf(bytes: Uint8Array, cache?: LabelCache): unknown {
  try {
    const { packed, series, ...rest } = decodeWriteRequest(bytes, cache);
    const bits = (values: Float64Array) => [...new BigUint64Array(values.slice().buffer)];
    return {
      ...rest,
      series: series.map(({ values, ...one }) => ({ ...one, bits: bits(values) })),
      packed: { ...packed, labels: [...packed.labels], values: bits(packed.values) },
    };
  } catch (error) {
    return error;
  }
}

describe("requests of a steady sender", () => {
  it.each([1, 2, 3, 4])("say what they say without the memory of earlier ones (%d)", (seed) => {
    const random = seededRandom(seed);
    const cache = new LabelCache(1e6);
    for (let i = 0; i < 150; i++) {
      const bytes = requestOf(random);
      expect(outcomeOf(bytes, cache)).toEqual(outcomeOf(bytes));
    }
  });

  it.each([5, 6, 7, 8])("are refused for the same reasons when they are damaged (%d)", (seed) => {
    const random = seededRandom(seed);
    const cache = new LabelCache(1e6);
    let refused = 0;
    for (let i = 0; i < 600; i++) {
      const bytes = requestOf(random).slice();
      outcomeOf(bytes, cache);
      const damages = 1 + below(random, 3);
      for (let k = 0; k < damages; k++) {
        bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
      }
      const end = random() < 0.2 ? below(random, bytes.length) : bytes.length;
      const outcome = outcomeOf(bytes.subarray(0, end), cache);
      expect(outcome).toEqual(outcomeOf(bytes.subarray(0, end)));
      if (outcome instanceof Error) refused++;
    }
    expect(refused).toBeGreaterThan(50);
  });

  it("keep what was read before when later ones are decoded into the same memory", () => {
    const cache = new LabelCache(1e6);
    const random = seededRandom(9);
    const memory = new Uint8Array(64 * 1024);
    const kept = Array.from({ length: 20 }, () => {
      const bytes = requestOf(random);
      memory.set(bytes);
      const read = decodeWriteRequest(memory.subarray(0, bytes.length), cache);
      return { bytes, labels: [...read.packed.labels], values: [...read.packed.values] };
    });
    for (const { bytes, labels, values } of kept) {
      const { packed } = decodeWriteRequest(bytes);
      expect(labels).toEqual(packed.labels);
      expect(values).toEqual([...packed.values]);
    }
  });
});
