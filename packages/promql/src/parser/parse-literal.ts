import type { NumberLiteral, StringLiteral } from "./ast.ts";
import { parseDuration } from "./duration.ts";
import { parseNumber } from "./number.ts";
import type { Parser } from "./parser.ts";
import { unquote } from "./unquote.ts";

const MS_PER_SECOND = 1000;

/** A number, or a duration as its seconds; the next token is one of the two. */
export function parseLiteral(parser: Parser): NumberLiteral {
  const { kind, text, range } = parser.tokens.take();
  if (kind === "duration") {
    const parsed = parseDuration(text);
    if (!parsed.ok) return parser.fail(range, parsed.reason);
    // Whole seconds and the rest apart, as Go converts durations: the last bit depends on it.
    const value =
      Math.floor(parsed.ms / MS_PER_SECOND) + (parsed.ms % MS_PER_SECOND) / MS_PER_SECOND;
    return { type: "number", value, isDuration: true, range };
  }
  const parsed = parseNumber(text);
  if (!parsed.ok) return parser.fail(range, parsed.reason);
  return { type: "number", value: parsed.value, isDuration: false, range };
}

/** A string; the next token is one. */
export function parseString(parser: Parser): StringLiteral {
  const { text, range } = parser.tokens.take();
  return { type: "string", value: unquote(text), range };
}
