import { CELL_BYTES, NO_CELL, type Slab } from "./sample-memory.ts";

/*
 * A cell holds samples of one series in the order of time: a header of eight 32-bit words, then the
 * samples. As in Gorilla (Pelkonen et al., VLDB 2015) a sample is what is new since the one before it:
 * the change of the distance in time, and of the value the bytes that differ. Whole bytes instead of
 * Gorilla's bits, and differences of counters as integers: a little larger, and far faster in JavaScript.
 *
 * Each sample begins with a control byte: two bits for the bytes of the time (0, 1, 2 or 4), six for
 * the value. Up to 56 they say which bytes of the value follow, XORed with those before: how many
 * low bytes are left out (3 bits), and the count less one (3 bits). The rest that this leaves unused
 * is `SAME` and, behind it, a difference of 1 to 4 bytes.
 */
const TIME_SHIFT = 6;
const VALUE_MASK = 63;
const LAST_XOR = 56;
const SAME = 57;

/** Words of the header. Offsets are ms since the start of the block. */
const NEXT = 0;
/** Count of samples, and above these 16 bits the bytes in use. */
const COUNT = 1;
const USED_SHIFT = 16;
const COUNT_MASK = 0xffff;
const FIRST_OFFSET = 2;
/** The distance that the first sample is thought to have from the one before. */
const FIRST_DISTANCE = 3;
const LAST_OFFSET = 4;
const LAST_DISTANCE = 5;
const LAST_VALUE = 6;
const HEADER_BYTES = 32;

/** The value to write and the one read last; as words, because numbers may lose the bits of a NaN. */
const valueFloat = new Float64Array(1);
const valueWords = new Int32Array(valueFloat.buffer);

/** Makes `values[i]` the one that the next `appendSample` writes. */
export function loadValue(values: Float64Array, i: number): void {
  const value = values[i]!;
  if (Number.isNaN(value)) valueFloat.set(values.subarray(i, i + 1));
  else valueFloat[0] = value;
}

/** Makes an empty cell that begins at `offset`; `distance` is a guess that saves a few bytes. */
export function beginCell({ words }: Slab, at: number, start: CellStart): void {
  const w = at >> 2;
  words[w + NEXT] = NO_CELL;
  words[w + COUNT] = HEADER_BYTES << USED_SHIFT;
  words[w + FIRST_OFFSET] = start.offset;
  words[w + FIRST_DISTANCE] = start.distance;
  words[w + LAST_OFFSET] = start.offset - start.distance;
  words[w + LAST_DISTANCE] = start.distance;
  words[w + LAST_VALUE] = 0;
  words[w + LAST_VALUE + 1] = 0;
}

/** How a cell begins. */
export interface CellStart {
  readonly offset: number;
  readonly distance: number;
}

/** The cell that follows in time. */
export const nextCell = ({ words }: Slab, at: number): number => words[(at >> 2) + NEXT]!;

/** Makes `cell` the one that follows. */
export function linkCell({ words }: Slab, at: number, cell: number): void {
  words[(at >> 2) + NEXT] = cell;
}

/** How many samples the cell holds. */
export const countOf = ({ words }: Slab, at: number): number =>
  words[(at >> 2) + COUNT]! & COUNT_MASK;

/** When the cell's first sample was, in ms since the start of the block. */
export const firstOffsetOf = ({ words }: Slab, at: number): number =>
  words[(at >> 2) + FIRST_OFFSET]!;

/** When its last one was. */
export const lastOffsetOf = ({ words }: Slab, at: number): number =>
  words[(at >> 2) + LAST_OFFSET]!;

/** The distance of its last two. */
export const lastDistanceOf = ({ words }: Slab, at: number): number =>
  words[(at >> 2) + LAST_DISTANCE]!;

/** Appends the loaded value at `offset`, which is later than all in the cell; false when it is full. */
export function appendSample(slab: Slab, at: number, offset: number): boolean {
  const { bytes, words } = slab;
  const w = at >> 2;
  const used = words[w + COUNT]! >> USED_SHIFT;
  const distance = offset - words[w + LAST_OFFSET]!;
  const change = distance - words[w + LAST_DISTANCE]!;
  const timeMode = change === 0 ? 0 : (change << 24) >> 24 === change ? 1 : bytesMode(change);
  const timeBytes = timeMode === 3 ? 4 : timeMode;
  const valueMode = modeOf(slab, w + LAST_VALUE);
  const valueBytes = bytesOf(valueMode);
  const end = used + 1 + timeBytes + valueBytes;
  if (end > CELL_BYTES) return false;
  let k = at + used;
  bytes[k++] = (timeMode << TIME_SHIFT) | valueMode;
  for (let i = 0; i < timeBytes; i++) bytes[k++] = change >> (8 * i);
  if (valueMode <= LAST_XOR) writeXor(slab, k, { w: w + LAST_VALUE, mode: valueMode });
  else if (valueMode > SAME) {
    const rise = valueFloat[0]! - slab.floats[(w + LAST_VALUE) >> 1]!;
    for (let i = 0; i < valueBytes; i++) bytes[k++] = rise >> (8 * i);
  }
  words[w + COUNT] = (end << USED_SHIFT) | ((words[w + COUNT]! & COUNT_MASK) + 1);
  words[w + LAST_OFFSET] = offset;
  words[w + LAST_DISTANCE] = distance;
  words[w + LAST_VALUE] = valueWords[0]!;
  words[w + LAST_VALUE + 1] = valueWords[1]!;
  return true;
}

const bytesMode = (change: number): number => ((change << 16) >> 16 === change ? 2 : 3);

function bytesOf(mode: number): number {
  return mode <= LAST_XOR ? (mode & 7) + 1 : mode - SAME;
}

/** How the loaded value is best written behind the one whose words begin at `w`. */
function modeOf({ words, floats }: Slab, w: number): number {
  const low = valueWords[0]! ^ words[w]!;
  const high = valueWords[1]! ^ words[w + 1]!;
  if ((low | high) === 0) return SAME;
  const value = valueFloat[0]!;
  const before = floats[w >> 1]!;
  const rise = value - before;
  const whole = rise | 0;
  let riseBytes = 9;
  // A difference that gives back the very bits; 0 would come back as 0 also for -0.
  if (whole === rise && before + whole === value && value !== 0) {
    if ((whole << 24) >> 24 === whole) return SAME + 1;
    riseBytes = (whole << 16) >> 16 === whole ? 2 : (whole << 8) >> 8 === whole ? 3 : 4;
  }
  const leadingZeros = high === 0 ? 4 + (Math.clz32(low) >> 3) : Math.clz32(high) >> 3;
  const trailingZeros = low === 0 ? 4 + (lowestBit(high) >> 3) : lowestBit(low) >> 3;
  const xorBytes = 8 - leadingZeros - trailingZeros;
  return riseBytes <= xorBytes ? SAME + riseBytes : (trailingZeros << 3) | (xorBytes - 1);
}

/** The number of the lowest bit that is set. */
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);

function writeXor(slab: Slab, at: number, { w, mode }: { w: number; mode: number }): void {
  const low = valueWords[0]! ^ slab.words[w]!;
  const high = valueWords[1]! ^ slab.words[w + 1]!;
  const begin = mode >> 3;
  const end = begin + (mode & 7) + 1;
  for (let i = begin, k = at; i < end; i++, k++) {
    slab.bytes[k] = i < 4 ? low >> (8 * i) : high >> (8 * (i - 4));
  }
}

/** Where decoded samples go, from `at` on: there is room for all of the cell. */
export interface DecodeTarget {
  /** Milliseconds since the start of the block. */
  readonly offsets: Float64Array;
  readonly values: Float64Array;
  /** The same values as words. */
  readonly words: Int32Array;
  readonly at: number;
}

/** Decodes all samples of a cell. */
export function decodeCell({ bytes, words }: Slab, at: number, target: DecodeTarget): void {
  const { offsets, values, words: out } = target;
  const w = at >> 2;
  const end = target.at + (words[w + COUNT]! & COUNT_MASK);
  let distance = words[w + FIRST_DISTANCE]!;
  let offset = words[w + FIRST_OFFSET]! - distance;
  let k = at + HEADER_BYTES;
  let before = target.at;
  values[before] = 0;
  for (let i = before; i < end; i++) {
    const control = bytes[k++]!;
    if (control > VALUE_MASK) {
      const timeMode = control >> TIME_SHIFT;
      const timeBytes = timeMode === 3 ? 4 : timeMode;
      distance += signedAt(bytes, k, timeBytes);
      k += timeBytes;
    }
    offset += distance;
    offsets[i] = offset;
    const mode = control & VALUE_MASK;
    if (mode > SAME) {
      values[i] = values[before]! + signedAt(bytes, k, mode - SAME);
      k += mode - SAME;
    } else {
      let low = out[2 * before]!;
      let high = out[2 * before + 1]!;
      if (mode < SAME) {
        const until = (mode >> 3) + (mode & 7) + 1;
        for (let byte = mode >> 3; byte < until; byte++) {
          if (byte < 4) low ^= bytes[k++]! << (8 * byte);
          else high ^= bytes[k++]! << (8 * byte);
        }
      }
      out[2 * i] = low;
      out[2 * i + 1] = high;
    }
    before = i;
  }
}

/** A signed number of 1 to 4 bytes, the lowest first. */
function signedAt(bytes: Uint8Array, at: number, count: number): number {
  if (count === 1) return (bytes[at]! << 24) >> 24;
  if (count === 2) return ((bytes[at]! << 16) | (bytes[at + 1]! << 24)) >> 16;
  const low = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
  return count === 3 ? (low << 8) >> 8 : low | (bytes[at + 3]! << 24);
}
