import type { Labels } from "@avx/model";

const MASK = 0xffff_ffff_ffff_ffffn;
const PRIME_1 = 0x9e37_79b1_85eb_ca87n;
const PRIME_2 = 0xc2b2_ae3d_27d4_eb4fn;
const PRIME_3 = 0x1656_67b1_9e37_79f9n;
const PRIME_4 = 0x85eb_ca77_c2b2_ae63n;
const PRIME_5 = 0x27d4_eb2f_1656_67c5n;

/** Strings up to this length are preceded by one length byte, longer ones by four. */
const SHORT_STRING = 255;
const STRIPE_BYTES = 32;

/**
 * The place of a series in [0, 1] by which `limit_ratio` chooses: the 64-bit xxHash of its labels in
 * Prometheus' encoding, so that both choose the same series.
 */
export function ratioOffset(labels: Labels): number {
  return Number(xxHash64(encodedLabels(labels))) / 2 ** 64;
}

function encodedLabels(labels: Labels): Uint8Array {
  const encoder = new TextEncoder();
  const bytes: number[] = [];
  for (const text of labels) {
    const encoded = encoder.encode(text);
    const size = encoded.length;
    if (size < SHORT_STRING) bytes.push(size);
    else bytes.push(SHORT_STRING, size & 0xff, (size >> 8) & 0xff, (size >> 16) & 0xff);
    for (const byte of encoded) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** XXH64 with seed 0 (specification: github.com/Cyan4973/xxHash, doc/xxhash_spec.md). */
export function xxHash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash = PRIME_5;
  if (bytes.length >= STRIPE_BYTES) {
    const lanes = [wrap(PRIME_1 + PRIME_2), PRIME_2, 0n, wrap(-PRIME_1)];
    for (; at + STRIPE_BYTES <= bytes.length; at += STRIPE_BYTES) {
      for (let lane = 0; lane < lanes.length; lane++) {
        lanes[lane] = round(lanes[lane]!, view.getBigUint64(at + 8 * lane, true));
      }
    }
    hash = merged(lanes);
  }
  hash = wrap(hash + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) {
    hash ^= round(0n, view.getBigUint64(at, true));
    hash = wrap(rotate(hash, 27n) * PRIME_1 + PRIME_4);
  }
  if (at + 4 <= bytes.length) {
    hash ^= wrap(BigInt(view.getUint32(at, true)) * PRIME_1);
    hash = wrap(rotate(hash, 23n) * PRIME_2 + PRIME_3);
    at += 4;
  }
  for (; at < bytes.length; at++) {
    hash ^= wrap(BigInt(view.getUint8(at)) * PRIME_5);
    hash = wrap(rotate(hash, 11n) * PRIME_1);
  }
  return avalanche(hash);
}

function merged(lanes: readonly bigint[]): bigint {
  const [first = 0n, second = 0n, third = 0n, fourth = 0n] = lanes;
  let hash = wrap(
    rotate(first, 1n) + rotate(second, 7n) + rotate(third, 12n) + rotate(fourth, 18n),
  );
  for (const lane of lanes) hash = wrap((hash ^ round(0n, lane)) * PRIME_1 + PRIME_4);
  return hash;
}

function round(lane: bigint, input: bigint): bigint {
  return wrap(rotate(wrap(lane + input * PRIME_2), 31n) * PRIME_1);
}

function avalanche(hash: bigint): bigint {
  let mixed = wrap((hash ^ (hash >> 33n)) * PRIME_2);
  mixed = wrap((mixed ^ (mixed >> 29n)) * PRIME_3);
  return mixed ^ (mixed >> 32n);
}

function rotate(value: bigint, bits: bigint): bigint {
  return wrap((value << bits) | (value >> (64n - bits)));
}

function wrap(value: bigint): bigint {
  return value & MASK;
}
