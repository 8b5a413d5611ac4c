/**
 * The layout in which every sender writes a sample of remote write 1.0 into its series: tag, length,
 * value, timestamp, nothing else and nothing left out. Read without the cost of a message of its own.
 */
const TAG_SAMPLE = 0x12;
const TAG_VALUE = 0x09;
const TAG_TIMESTAMP = 0x10;

/** Where the double stands behind the start of the sample: tag, length, tag. */
export const PLAIN_VALUE_OFFSET = 3;
const TIMESTAMP_TAG_OFFSET = PLAIN_VALUE_OFFSET + 8;
const TIMESTAMP_OFFSET = TIMESTAMP_TAG_OFFSET + 1;

/** Bytes of the shortest one, its timestamp a varint of one byte. */
export const MIN_PLAIN_BYTES = TIMESTAMP_OFFSET + 1;
/** Seven bytes of a varint hold 49 bits: every such timestamp is an exact double. */
const MAX_PLAIN_BYTES = TIMESTAMP_OFFSET + 7;

/** Milliseconds from 2004 to 2109 are varints of six bytes. */
const USUAL_BYTES = TIMESTAMP_OFFSET + 6;

/** The bytes that the sample at `at` takes, its tag included; 0 when it is written otherwise. */
export function plainSampleBytes(view: DataView, at: number, end: number): number {
  if (end - at < MIN_PLAIN_BYTES) return 0;
  const bytes = view.getUint8(at + 1) + 2;
  const isPlain =
    bytes >= MIN_PLAIN_BYTES &&
    bytes <= MAX_PLAIN_BYTES &&
    bytes <= end - at &&
    view.getUint8(at) === TAG_SAMPLE &&
    view.getUint8(at + 2) === TAG_VALUE &&
    view.getUint8(at + TIMESTAMP_TAG_OFFSET) === TAG_TIMESTAMP;
  return isPlain ? bytes : 0;
}

/** The timestamp of the plain sample of `bytes` bytes at `at`; NaN when its varint ends elsewhere. */
export function plainTimestampMs(view: DataView, at: number, bytes: number): number {
  const start = at + TIMESTAMP_OFFSET;
  if (bytes !== USUAL_BYTES) return shortVarint(view, start, at + bytes);
  const low = view.getInt32(start, true);
  const high = view.getUint16(start + 4, true);
  // All bytes but the last say that another one follows.
  if ((low & 0x80808080) !== (0x80808080 | 0) || (high & 0x8080) !== 0x80) return Number.NaN;
  const low28 =
    (low & 0x7f) | ((low >>> 1) & 0x3f80) | ((low >>> 2) & 0x1fc000) | ((low >>> 3) & 0xfe00000);
  return low28 + ((high & 0x7f) | ((high >>> 1) & 0x3f80)) * 2 ** 28;
}

function shortVarint(view: DataView, start: number, end: number): number {
  let value = 0;
  let scale = 1;
  for (let at = start; at < end; at++, scale *= 128) {
    const byte = view.getUint8(at);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return at === end - 1 ? value : Number.NaN;
  }
  return Number.NaN;
}
