import type { SampleColumns } from "@avx/model";
import { describe, expect, it } from "vitest";
import { encodeXorChunk } from "./xor-chunk.ts";

/** Reads a chunk as tsdb/chunkenc/xor.go of Prometheus describes it, with 64-bit integers. */
function decodeXorChunk(bytes: Uint8Array): { times: number[]; bits: bigint[] } {
  let at = 0;
  const take = (count: number): bigint => {
    let value = 0n;
    for (let i = 0; i < count; i++, at++) {
      value = (value << 1n) | BigInt((bytes[at >> 3]! >> (7 - (at & 7))) & 1);
    }
    return value;
  };
  const uvarint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = take(8);
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
    }
  };
  const stepOf = (): bigint => {
    if (take(1) === 0n) return 0n;
    for (const size of [14, 17, 20]) {
      if (take(1) === 1n) continue;
      const value = take(size);
      return value > 1n << BigInt(size - 1) ? value - (1n << BigInt(size)) : value;
    }
    return BigInt.asIntN(64, take(64));
  };
  const count = Number(take(16));
  const zigzag = uvarint();
  let time = (zigzag >> 1n) ^ -(zigzag & 1n);
  let value = take(64);
  let [step, leading, width] = [0n, 0, 0];
  const [times, bits] = [[Number(time)], [value]];
  for (let i = 1; i < count; i++) {
    step = i === 1 ? uvarint() : step + stepOf();
    time += step;
    if (take(1) === 1n) {
      if (take(1) === 1n) {
        leading = Number(take(5));
        width = Number(take(6)) || 64;
      }
      value ^= take(width) << BigInt(64 - leading - width);
    }
    times.push(Number(time));
    bits.push(value);
  }
  return { times, bits };
}

function columns(times: readonly number[], values: readonly number[]): SampleColumns {
  return { timestampsMs: Float64Array.from(times), values: Float64Array.from(values) };
}

const bitsOf = (values: Float64Array): bigint[] => [
  ...new BigUint64Array(values.buffer, values.byteOffset, values.length),
];

describe("XOR chunks", () => {
  it.each([
    ["one sample", [1_700_000_000_000], [1.5]],
    ["a negative time", [-5, -1, 0, 7], [0, -0, 1, -1]],
    ["a steady counter", [0, 15_000, 30_000, 45_000], [1, 2, 3, 3]],
    [
      "steps of every size",
      [0, 1, 8193, 8194, 73_731, 600_000, 1e12, 1e12 + 1],
      [1, 1, 1, 1, 1, 1, 1, 1],
    ],
    [
      "the edges of the sizes",
      [0, 10_000, 28_192, 38_192, 113_727, 123_727, 657_000],
      [1, 2, 3, 4, 5, 6, 7],
    ],
    ["odd values", [1, 2, 3, 4, 5, 6], [Number.NaN, Infinity, -Infinity, 5e-324, 1e308, 0]],
  ])("keep %s", (_, times, values) => {
    const given = columns(times, values);
    const read = decodeXorChunk(encodeXorChunk(given, 0, times.length));
    expect(read).toEqual({ times, bits: bitsOf(given.values) });
  });

  it("keep every bit of random values, and the stretch that is asked for", () => {
    let state = 1;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    };
    const words = Uint32Array.from({ length: 400 }, (_, i) => (i % 7 === 0 ? 0 : random()));
    const values = new Float64Array(words.buffer);
    let timeMs = 1_700_000_000_000;
    const timestampsMs = Float64Array.from(values, () => {
      timeMs += 1 + (random() % 40_000);
      return timeMs;
    });
    const { times, bits } = decodeXorChunk(encodeXorChunk({ timestampsMs, values }, 50, 170));
    expect(times).toEqual([...timestampsMs.subarray(50, 170)]);
    expect(bits).toEqual(bitsOf(values).slice(50, 170));
  });

  it("take about a byte and a half for a sample of a steady counter", () => {
    const times = Array.from({ length: 120 }, (_, i) => i * 15_000);
    const chunk = encodeXorChunk(
      columns(
        times,
        times.map((_, i) => 1000 + i),
      ),
      0,
      120,
    );
    expect(chunk.length / 120).toBeLessThan(1.6);
  });
});
