/** Finest scale kept: base 2^(1/8), a relative error of at most 4.5 %. Prometheus schema 3. */
export const EXPONENTIAL_SCALE = 3;

/** Upper bounds of the eight buckets between 1 and 2: 2^(k/8). */
const BOUNDS = Float64Array.from({ length: 8 }, (_, k) => 2 ** (k / 8));

const DOUBLE = new Float64Array(1);
const WORDS = new Uint32Array(DOUBLE.buffer);
const EXPONENT_BIAS = 1023;
/** Subnormal doubles are counted in the bucket of the smallest normal one. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/**
 * Bucket index of a positive finite value at scale 3: the i for which
 * 2^(i/8) < value <= 2^((i+1)/8). Taken from the bits of the double, without a logarithm.
 * https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export function exponentialIndex(value: number): number {
  DOUBLE[0] = Math.max(value, SMALLEST_NORMAL);
  // Little-endian, as every platform of Node is: the high word holds sign, exponent, top mantissa.
  const high = WORDS[1]!;
  const exponent = ((high >>> 20) & 0x7ff) - EXPONENT_BIAS;
  WORDS[1] = (high & 0xfffff) | (EXPONENT_BIAS << 20);
  const fraction = DOUBLE[0]!;
  let k = fraction > BOUNDS[4]! ? 4 : 0;
  if (fraction > BOUNDS[k + 2]!) k += 2;
  if (fraction > BOUNDS[k + 1]!) k += 1;
  // An exact power of two is the upper bound of the bucket below.
  return (exponent << 3) + (k === 0 && fraction === 1 ? -1 : k);
}

/** Upper bound of bucket `index` at `scale`: 2^((index + 1) / 2^scale). */
export function exponentialUpperBound(index: number, scale: number): number {
  return 2 ** ((index + 1) * 2 ** -scale);
}
