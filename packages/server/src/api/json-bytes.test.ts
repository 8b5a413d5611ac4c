import { describe, expect, it } from "vitest";
import { JsonBytes } from "./json-bytes.ts";
import { sampleText, secondsText } from "./number-text.ts";

function textOf(pieces: readonly Uint8Array[]): string {
  return Buffer.concat(pieces).toString();
}

/** The points one by one, as the whole was once written. */
function expectedPoints(timestampsMs: Float64Array, values: Float64Array): string {
  const points = [...values].map(
    (value, i) => `[${secondsText(timestampsMs[i] ?? Number.NaN)},"${sampleText(value)}"]`,
  );
  return points.join(",");
}

function written(timestampsMs: Float64Array, values: Float64Array): string {
  const json = new JsonBytes();
  json.points(timestampsMs, values);
  return textOf([json.rest()]);
}

/** Any bit pattern is a float: signalling NaNs, denormals and all. */
function anyFloats(count: number): Float64Array {
  const words = new Uint32Array(2 * count);
  let state = 12_345;
  for (let i = 0; i < words.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    words[i] = state ^ (state >>> 13);
  }
  return new Float64Array(words.buffer);
}

describe("JsonBytes", () => {
  const steps = (count: number) => Float64Array.from({ length: count }, (_, i) => 1000 * i + 7);

  it("writes points as one by one", () => {
    const values = Float64Array.of(0, 1.5, 1e20, 123_456_789, 0.1 + 0.2, -1 / 3, 1e-6, 42);
    expect(written(steps(8), values)).toBe(expectedPoints(steps(8), values));
    const wild = Float64Array.of(1, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 9e-7, -3e-300);
    expect(written(steps(7), wild)).toBe(expectedPoints(steps(7), wild));
    expect(written(steps(0), new Float64Array(0))).toBe("");
  });

  it("writes any float, also over several stretches, each with its own times", () => {
    const values = anyFloats(5000);
    expect(written(steps(5000), values)).toBe(expectedPoints(steps(5000), values));
    const plain = values.map((value) => (Math.abs(value) % 1000) + 1 || 1);
    expect(written(steps(5000), plain)).toBe(expectedPoints(steps(5000), plain));
    const other = Float64Array.of(-2.5e15, 1, 1.5e12);
    expect(written(other, plain.subarray(0, 3))).toBe(expectedPoints(other, plain.subarray(0, 3)));
  });

  it("hands out pieces that stay as they are", () => {
    const json = new JsonBytes();
    const pieces: Uint8Array[] = [];
    let expected = "";
    for (let i = 0; i < 300; i++) {
      const values = anyFloats(i * 7);
      json.text(`"ä€😀${i}",`);
      json.points(steps(i * 7), values);
      expected += `"ä€😀${i}",${expectedPoints(steps(i * 7), values)}`;
      const piece = json.piece();
      if (piece) pieces.push(piece);
    }
    pieces.push(json.rest());
    expect(pieces.length).toBeGreaterThan(10);
    expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(pieces.length);
    expect(textOf(pieces)).toBe(expected);
  });
});
