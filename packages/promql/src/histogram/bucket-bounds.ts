import { CUSTOM_BUCKETS_SCHEMA } from "@avx/model";

/** Exponent of the bucket that ends at 2^1024: its bound is the largest finite number instead. */
const OVERFLOW_EXPONENT = 1024;

/** Bounds within [0.5, 1) per schema 0..8, filled when a schema is first met. */
const fractionTables = new Map<number, Float64Array>();

/**
 * Upper bound of bucket `index` of an exponential schema: 2^(index / 2^schema). The last bucket
 * below infinity ends at the largest finite number (Prometheus, model/histogram getBound).
 */
export function exponentialBound(index: number, schema: number): number {
  if (schema < 0) {
    const exponent = index * 2 ** -schema;
    return exponent === OVERFLOW_EXPONENT ? Number.MAX_VALUE : scaleByPowerOfTwo(1, exponent);
  }
  const fractions = fractionTable(schema);
  const fraction = fractions[index & (fractions.length - 1)]!; // masked into the table
  const exponent = (index >> schema) + 1;
  if (fraction === 0.5 && exponent === OVERFLOW_EXPONENT + 1) return Number.MAX_VALUE;
  return scaleByPowerOfTwo(fraction, exponent);
}

/** Upper bound of bucket `index` of any schema; -1 of a custom schema is -Inf, its last +Inf. */
export function upperBound(index: number, schema: number, customBounds: Float64Array): number {
  if (schema !== CUSTOM_BUCKETS_SCHEMA) return exponentialBound(index, schema);
  if (index < 0) return Number.NEGATIVE_INFINITY;
  return customBounds[index] ?? Number.POSITIVE_INFINITY;
}

/** The index in a coarser schema of the bucket that contains bucket `index` of a finer one. */
export function coarserIndex(index: number, from: number, to: number): number {
  return ((index - 1) >> (from - to)) + 1;
}

function fractionTable(schema: number): Float64Array {
  const known = fractionTables.get(schema);
  if (known) return known;
  const size = 2 ** schema;
  const table = Float64Array.from({ length: size }, (_, i) => 2 ** (i / size) / 2);
  fractionTables.set(schema, table);
  return table;
}

/** value * 2^exponent, in two steps where one power of two alone would over- or underflow. */
function scaleByPowerOfTwo(value: number, exponent: number): number {
  if (exponent > -1000 && exponent < 1000) return value * 2 ** exponent;
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
