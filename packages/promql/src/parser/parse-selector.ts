import { AvxError, type Matcher, METRIC_NAME } from "@avx/model";
import { matcherProgramSize } from "../matching/compile-matcher.ts";
import type { PositionRange, VectorSelector } from "./ast.ts";
import type { Parser } from "./parser.ts";
import type { Token } from "./token.ts";
import { unquote } from "./unquote.ts";

const MATCHING = "label matching";

/** A vector selector: the metric name, already taken, and label matchers, or either of them. */
export function parseVectorSelector(parser: Parser, name?: Token): VectorSelector {
  const { tokens } = parser;
  const braces = name === undefined || tokens.peek().kind === "{" ? parseBraces(parser) : undefined;
  const matchers = braces?.matchers ?? [];
  const start = name?.range.start ?? braces?.range.start ?? 0;
  const end = braces?.range.end ?? name?.range.end ?? 0;
  const metric = name?.text ?? "";
  return parser.node({
    type: "vectorSelector",
    name: metric,
    matchers:
      metric === "" ? matchers : [...matchers, { name: METRIC_NAME, op: "=", value: metric }],
    offset: { kind: "fixed", ms: 0 },
    anchored: false,
    smoothed: false,
    range: { start, end },
  });
}

interface Braces {
  readonly matchers: readonly Matcher[];
  readonly range: PositionRange;
}

function parseBraces(parser: Parser): Braces {
  const { tokens } = parser;
  const open = tokens.take();
  const matchers: Matcher[] = [];
  let close = tokens.takeIf("}");
  while (close === undefined) {
    matchers.push(parseMatcher(parser));
    const comma = tokens.takeIf(",");
    close = tokens.takeIf("}");
    if (comma === undefined && close === undefined) {
      tokens.unexpected({ context: MATCHING, expected: '"," or "}"' });
    }
  }
  return { matchers, range: { start: open.range.start, end: close.range.end } };
}

function parseMatcher(parser: Parser): Matcher {
  const { tokens } = parser;
  const { kind } = tokens.peek();
  if (kind !== "identifier" && kind !== "string") {
    tokens.unexpected({ context: MATCHING, expected: 'identifier or "}"' });
  }
  const label = tokens.take();
  const name = kind === "string" ? unquote(label.text) : label.text;
  const { kind: op } = tokens.peek();
  if (op !== "=" && op !== "!=" && op !== "=~" && op !== "!~") {
    if (kind === "string") return { name: METRIC_NAME, op: "=", value: name };
    return tokens.unexpected({ context: MATCHING, expected: "label matching operator" });
  }
  tokens.take();
  if (tokens.peek().kind !== "string") {
    tokens.unexpected({ context: MATCHING, expected: "string" });
  }
  const value = tokens.take();
  const matcher: Matcher = { name, op, value: unquote(value.text) };
  checkRegex(parser, matcher, { start: label.range.start, end: value.range.end });
  return matcher;
}

function checkRegex(parser: Parser, matcher: Matcher, range: PositionRange): void {
  let programSize = 0;
  try {
    programSize = matcherProgramSize(matcher);
  } catch (cause) {
    if (cause instanceof AvxError) parser.fail(range, String(cause.facts["reason"]));
    throw cause;
  }
  parser.claimRegexProgram(programSize, range);
}
