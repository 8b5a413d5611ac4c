import type { SampleColumns } from "@avx/model";
import { BitWriter } from "./bit-writer.ts";

const TWO_32 = 4294967296;
/** Leading zeros have 5 bits. */
const MAX_LEADING = 31;
/** Bits of the difference of two time steps, with the mark in front of each. */
const STEP_SIZES = [
  { mark: 0b10, markBits: 2, bits: 14 },
  { mark: 0b110, markBits: 3, bits: 17 },
  { mark: 0b1110, markBits: 4, bits: 20 },
] as const;

/**
 * The samples `from..to` as one XOR chunk of Prometheus (tsdb/chunkenc/xor.go, after "Gorilla",
 * Pelkonen et al. 2015): times as differences of their differences, values as what changed of their
 * bits. At least one sample, at most 65535; times are whole milliseconds.
 */
export function encodeXorChunk(
  { timestampsMs, values }: SampleColumns,
  from: number,
  to: number,
): Uint8Array {
  const writer = new BitWriter();
  writer.bits(to - from, 16);
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  const firstMs = timestampsMs[from]!;
  writer.uvarint(firstMs >= 0 ? firstMs * 2 : -firstMs * 2 - 1);
  writer.wide(words[2 * from + 1]!, words[2 * from]!, 64);
  const window: Window = { leading: -1, trailing: 0 };
  let stepMs = 0;
  for (let i = from + 1; i < to; i++) {
    const nextMs = timestampsMs[i]! - timestampsMs[i - 1]!;
    if (i === from + 1) writer.uvarint(nextMs);
    else writeStep(writer, nextMs - stepMs);
    stepMs = nextMs;
    const high = (words[2 * i + 1]! ^ words[2 * i - 1]!) >>> 0;
    writeChange(writer, { high, low: (words[2 * i]! ^ words[2 * i - 2]!) >>> 0 }, window);
  }
  return writer.finish();
}

function writeStep(writer: BitWriter, change: number): void {
  if (change === 0) {
    writer.bits(0, 1);
    return;
  }
  for (const { mark, markBits, bits } of STEP_SIZES) {
    const half = 2 ** (bits - 1);
    if (change < 1 - half || change > half) continue;
    writer.bits(mark, markBits);
    writer.bits(change, bits);
    return;
  }
  writer.bits(0b1111, 4);
  const high = Math.floor(change / TWO_32);
  writer.wide(high, change - high * TWO_32, 64);
}

/** The bits of a difference that were written last; -1 leading zeros: none yet. */
interface Window {
  leading: number;
  trailing: number;
}

function writeChange(
  writer: BitWriter,
  { high, low }: { readonly high: number; readonly low: number },
  window: Window,
): void {
  if (high === 0 && low === 0) {
    writer.bits(0, 1);
    return;
  }
  const leading = Math.min(MAX_LEADING, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
  const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
  const fits = window.leading >= 0 && leading >= window.leading && trailing >= window.trailing;
  if (fits) writer.bits(0b10, 2);
  else {
    window.leading = leading;
    window.trailing = trailing;
    writer.bits(0b11, 2);
    writer.bits(leading, 5);
    // 64 is written as 0.
    writer.bits(64 - leading - trailing, 6);
  }
  const shift = window.trailing;
  const width = 64 - window.leading - shift;
  if (shift >= 32) writer.wide(0, high >>> (shift - 32), width);
  else if (shift === 0) writer.wide(high, low, width);
  else writer.wide(high >>> shift, (low >>> shift) | (high << (32 - shift)), width);
}

function trailingZeros(word: number): number {
  return 31 - Math.clz32(word & -word);
}
