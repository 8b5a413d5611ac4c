const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/**
 * A number in two bytes: the upper half of its single-precision form ("bfloat16"), so the same
 * range at 0.4 % precision. `NaN` and what is beyond single precision come back as not finite.
 */
export function toCoarse(value: number): number {
  single[0] = value;
  // Round to nearest; a carry into the exponent is right as it is.
  bits[0] = Math.min(bits[0]! + 0x8000, 0xffffffff);
  return bits[0]! >>> 16;
}

/** The number that `toCoarse` kept. */
export function fromCoarse(coarse: number): number {
  bits[0] = coarse << 16;
  return single[0]!;
}
