import { AvxError } from "@avx/model";
import type { PositionRange } from "./ast.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The text of a query, addressed by byte as Prometheus does. */
export class Source {
  readonly length: number;
  readonly #text: string;
  readonly #bytes: Uint8Array;
  readonly #isAscii: boolean;

  constructor(text: string) {
    this.#text = text;
    this.#bytes = new TextEncoder().encode(text);
    this.length = this.#bytes.length;
    this.#isAscii = this.length === text.length;
  }

  /** The character that starts at a byte, "" at the end of the text. */
  charAt(at: number): string {
    const lead = this.#bytes[at];
    if (lead === undefined) return "";
    return lead < 0x80 ? String.fromCharCode(lead) : this.slice(at, at + sequenceLength(lead));
  }

  /** How many bytes the character at a byte takes, 0 at the end of the text. */
  widthAt(at: number): number {
    const lead = this.#bytes[at];
    return lead === undefined ? 0 : sequenceLength(lead);
  }

  slice(start: number, end: number): string {
    if (this.#isAscii) return this.#text.slice(start, end);
    return decoder.decode(this.#bytes.subarray(start, end));
  }

  /**
   * Refuses the query with AvxError `bad_query`: the reason reads `LINE:COL: parse error: TEXT` as
   * in Prometheus, `positionStart` and `positionEnd` are the byte offsets.
   */
  fail(range: PositionRange, text: string): never {
    throw new AvxError("bad_query", {
      reason: `${this.#lineAndColumn(range.start)}: parse error: ${text}`,
      positionStart: range.start,
      positionEnd: range.end,
    });
  }

  #lineAndColumn(at: number): string {
    if (this.length === 0) return "unknown position";
    const before = this.#bytes.subarray(0, at);
    const lines = before.reduce((count, byte) => (byte === 0x0a ? count + 1 : count), 1);
    return `${lines}:${at - before.lastIndexOf(0x0a)}`;
  }
}

/** Length of a UTF-8 sequence by its first byte. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}
