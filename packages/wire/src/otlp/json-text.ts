import { AvxError } from "@avx/model";
import { malformed } from "../protobuf/malformed.ts";
import { decodeUtf8 } from "../protobuf/utf8.ts";

/**
 * Deepest nesting of brackets. A level of messages in protobuf is one object and often one array
 * in JSON, so this is twice the message depth of the binary form.
 */
const MAX_JSON_DEPTH = 128;

/** Most objects and arrays: "{}," takes 3 bytes as text and 56 in memory. */
const MAX_JSON_BRACKETS = 2_000_000;

/** Whole numbers of this many digits may lie beyond 2^53, where JSON.parse would round them. */
const LONG_INTEGER_DIGITS = 16;
const MAX_REASON_CHARS = 160;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses a JSON body with a bound on nesting. Whole numbers of 16 and more digits come as strings,
 * so that int64 values written as JSON numbers (which OTLP allows) keep every digit.
 */
export function parseBoundedJson(bytes: Uint8Array, format: string): unknown {
  const text = decodeUtf8(bytes, 0, bytes.length);
  if (text === undefined) throw malformed({ format, reason: "invalid UTF-8", offset: 0 });
  const exact = quoteLongIntegers(text, format);
  try {
    const value: unknown = JSON.parse(exact);
    return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.slice(0, MAX_REASON_CHARS) : "not JSON";
    throw new AvxError("malformed_payload", { format, reason }, { cause });
  }
}

/**
 * Checks the depth and puts quotes around long whole numbers; the common text comes back as it is.
 */
function quoteLongIntegers(text: string, format: string): string {
  let depth = 0;
  let brackets = 0;
  let quoted = "";
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) {
        throw malformed({ format, reason: `nests deeper than ${MAX_JSON_DEPTH}`, offset: at });
      }
      if (++brackets > MAX_JSON_BRACKETS) {
        const reason = `more than ${MAX_JSON_BRACKETS} objects and arrays`;
        throw malformed({ format, reason, offset: at });
      }
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if (code === 0x2d || isDigit(code)) {
      const end = endOfNumber(text, at);
      if (isLongInteger(text, at, end)) {
        quoted += `${text.slice(copied, at)}"${text.slice(at, end)}"`;
        copied = end;
      }
      at = end - 1;
    }
  }
  return copied === 0 ? text : quoted + text.slice(copied);
}

/** The index of the closing quote, or of the last character when there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) return at;
  }
  return text.length;
}

/** The index behind a number token: digits, sign, point, exponent. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isNumberPart =
      isDigit(code) || code === 0x2e || code === 0x2b || code === 0x2d || (code | 0x20) === 0x65;
    if (!isNumberPart) break;
  }
  return at;
}

function isLongInteger(text: string, start: number, end: number): boolean {
  if (end - start < LONG_INTEGER_DIGITS) return false;
  const firstDigit = text.charCodeAt(start) === 0x2d ? start + 1 : start;
  if (text.charCodeAt(firstDigit) === 0x30) return false;
  for (let at = firstDigit; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
