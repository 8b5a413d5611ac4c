import type { Parser } from "./parser.ts";
import type { TokenKind } from "./token.ts";
import { AGGREGATE_OPS, MODIFIER_WORDS, PREPROCESSOR_WORDS, WORD_OPERATORS } from "./token.ts";
import { unquote } from "./unquote.ts";

const GROUPING = "grouping opts";

/** Words that are label names here. `without` is none, for Prometheus' grammar leaves it out. */
const LABEL_KINDS: ReadonlySet<TokenKind> = new Set<TokenKind>(
  [
    "identifier" as const,
    "metric identifier" as const,
    ...WORD_OPERATORS,
    ...AGGREGATE_OPS,
    ...MODIFIER_WORDS,
    ...PREPROCESSOR_WORDS,
  ].filter((kind) => kind !== "without"),
);

/** A list of label names in parentheses, as after `by` and `on`. */
export function parseGrouping(parser: Parser): readonly string[] {
  const { tokens } = parser;
  if (tokens.takeIf("(") === undefined) {
    tokens.unexpected({ context: GROUPING, expected: '"("' });
  }
  const labels: string[] = [];
  while (tokens.takeIf(")") === undefined) {
    labels.push(parseLabel(parser));
    const comma = tokens.takeIf(",");
    if (comma === undefined && tokens.peek().kind !== ")") {
      tokens.unexpected({ context: GROUPING, expected: '"," or ")"' });
    }
  }
  return labels;
}

function parseLabel(parser: Parser): string {
  const { tokens } = parser;
  const { kind } = tokens.peek();
  if (kind !== "string" && !LABEL_KINDS.has(kind)) {
    tokens.unexpected({ context: GROUPING, expected: "label" });
  }
  const { text, range } = tokens.take();
  const label = kind === "string" ? unquote(text) : text;
  if (label === "") parser.fail(range, 'invalid label name for grouping: ""');
  return label;
}
