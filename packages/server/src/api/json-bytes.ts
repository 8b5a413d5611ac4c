import { sampleText, secondsText } from "./number-text.ts";

/** Bytes are handed to the socket in pieces of about this size, so that a large answer streams. */
const PIECE_BYTES = 128 * 1024;
/** Most answers are small: room for more is made when it is needed. */
const FIRST_BYTES = 8 * 1024;
/** Points that are written at a stretch. */
const STRETCH_POINTS = 1024;
/** What a number, or a time with its bracket and quote, takes at most. */
const NUMBER_BYTES = 32;
const POINT_BYTES = 2 * NUMBER_BYTES;

const QUOTE = 0x22;
const CLOSING_BRACKET = 0x5d;
const COMMA = 0x2c;

/**
 * JSON in the making, as UTF-8 bytes. Points are by far the most of an answer; they never become
 * strings of their own, but for the ones that JSON has no number for.
 */
export class JsonBytes {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = 0;

  /** Appends text. */
  text(text: string): void {
    this.#reserve(text.length * 3);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** Appends `[seconds,"value"]` for each point, separated by commas. */
  points(timestampsMs: Float64Array, values: Float64Array): void {
    const { length } = values;
    for (let from = 0; from < length; from += STRETCH_POINTS) {
      const to = Math.min(from + STRETCH_POINTS, length);
      if (from > 0) this.text(",");
      this.#stretch(timestampsMs.subarray(from, to), values.subarray(from, to));
    }
  }

  #stretch(timestampsMs: Float64Array, values: Float64Array): void {
    const count = values.length;
    this.#reserve(count * POINT_BYTES);
    const prefixes = PREFIXES.of(timestampsMs);
    const numbers = NUMBERS;
    numbers.write(numberList(values), 0, "latin1");
    const bytes = this.#bytes;
    let at = this.#length;
    let prefixAt = 0;
    // Behind the opening bracket of the list.
    let numberAt = 1;
    for (let i = 0; i < count; i++) {
      for (const end = prefixes.ends[i]!; prefixAt < end; ) {
        bytes[at++] = prefixes.bytes[prefixAt++]!;
      }
      for (;;) {
        const byte = numbers[numberAt++]!;
        if (byte === COMMA || byte === CLOSING_BRACKET) break;
        bytes[at++] = byte;
      }
      bytes[at] = QUOTE;
      bytes[at + 1] = CLOSING_BRACKET;
      bytes[at + 2] = COMMA;
      at += 3;
    }
    this.#length = at - 1;
  }

  /** What was appended, once there is enough of it to be sent. */
  piece(): Uint8Array<ArrayBuffer> | undefined {
    return this.#length < PIECE_BYTES ? undefined : this.rest();
  }

  /** What was appended since the last piece; its memory is no other's. */
  rest(): Uint8Array<ArrayBuffer> {
    const piece = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.allocUnsafeSlow(this.#length < PIECE_BYTES ? 0 : this.#bytes.length);
    this.#length = 0;
    return piece;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** `[1.5,2,...]`. All engines write many numbers at once several times faster than one by one. */
function numberList(values: Float64Array): string {
  const numbers: number[] = new Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!isPlain(value)) return `[${Array.from(values, sampleText).join(",")}]`;
    numbers[i] = value;
  }
  return JSON.stringify(numbers);
}

/** Whether Prometheus writes the value as JSON does: no exponent, no sign on zero, finite. */
function isPlain(value: number): boolean {
  const size = Math.abs(value);
  return (size >= 1e-6 && size < 1e21) || Object.is(value, 0);
}

/** `[seconds,"` of the times last asked for: series of a query share their steps, and panels do. */
class TimePrefixes {
  #timesMs: Float64Array = new Float64Array(0);
  readonly bytes = new Uint8Array(STRETCH_POINTS * NUMBER_BYTES);
  /** Where the prefix of each time ends. */
  readonly ends = new Uint32Array(STRETCH_POINTS);

  of(timesMs: Float64Array): this {
    if (isEqual(timesMs, this.#timesMs)) return this;
    let at = 0;
    for (let i = 0; i < timesMs.length; i++) {
      const text = `[${secondsText(timesMs[i]!)},"`;
      for (let c = 0; c < text.length; c++) this.bytes[at++] = text.charCodeAt(c);
      this.ends[i] = at;
    }
    this.#timesMs = timesMs;
    return this;
  }
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Nothing else happens while a stretch is written, so all answers share these. */
const NUMBERS = Buffer.allocUnsafeSlow(STRETCH_POINTS * NUMBER_BYTES);
const PREFIXES = new TimePrefixes();
