import type { AggregateOp, PositionRange } from "./ast.ts";
import { quoteShortened, quoteString } from "./go-quote.ts";

/** Words that are always operators. */
export const WORD_OPERATORS = ["and", "or", "unless", "atan2"] as const;

/** Words that aggregate when `(`, `by` or `without` follows. */
export const AGGREGATE_OPS: readonly AggregateOp[] = [
  "sum",
  "avg",
  "count",
  "min",
  "max",
  "group",
  "stddev",
  "stdvar",
  "topk",
  "bottomk",
  "count_values",
  "quantile",
  "limitk",
  "limit_ratio",
];

/** Words that modify what stands before or after them. */
export const MODIFIER_WORDS = [
  "offset",
  "smoothed",
  "anchored",
  "by",
  "without",
  "on",
  "ignoring",
  "group_left",
  "group_right",
  "fill",
  "fill_left",
  "fill_right",
  "bool",
] as const;

/** Words with a meaning after `@` or inside durations, and function names elsewhere. */
export const PREPROCESSOR_WORDS = ["start", "end", "step", "range", "max_of", "min_of"] as const;

const SYMBOL_OPERATORS = [
  "+",
  "-",
  "*",
  "/",
  "%",
  "^",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "</",
  ">/",
  "=~",
  "!~",
  "@",
] as const;

type SymbolOperator = (typeof SYMBOL_OPERATORS)[number];
type Punctuation = "(" | ")" | "{" | "}" | "[" | "]" | "," | ":" | "=";
type Word =
  | (typeof WORD_OPERATORS)[number]
  | AggregateOp
  | (typeof MODIFIER_WORDS)[number]
  | (typeof PREPROCESSOR_WORDS)[number];
type Valued = "identifier" | "metric identifier" | "string" | "number" | "duration";

/** Words and symbols are their own kind. */
export type TokenKind = Word | SymbolOperator | Punctuation | Valued | "end of input";

/** One token and where it stands. */
export interface Token {
  readonly kind: TokenKind;
  /** As written: strings with their quotes, words in their own case. */
  readonly text: string;
  readonly range: PositionRange;
}

const WORDS: ReadonlyMap<string, Word> = new Map(
  [...WORD_OPERATORS, ...AGGREGATE_OPS, ...MODIFIER_WORDS, ...PREPROCESSOR_WORDS].map((word) => [
    word,
    word,
  ]),
);

/** The kind of a word that is not an ordinary identifier; case does not matter. */
export function wordKind(text: string): Word | "number" | undefined {
  const word = text.toLowerCase();
  return word === "inf" || word === "nan" ? "number" : WORDS.get(word);
}

const OPERATOR_KINDS: ReadonlySet<TokenKind> = new Set([...SYMBOL_OPERATORS, ...WORD_OPERATORS]);
const AGGREGATE_KINDS: ReadonlySet<TokenKind> = new Set(AGGREGATE_OPS);
const MODIFIER_KINDS: ReadonlySet<TokenKind> = new Set(MODIFIER_WORDS);
const VALUED_KINDS: ReadonlySet<TokenKind> = new Set([
  "identifier",
  "metric identifier",
  "string",
  "number",
  "duration",
]);

/** Whether a token is an aggregation operator. */
export function isAggregateKind(kind: TokenKind): kind is AggregateOp {
  return AGGREGATE_KINDS.has(kind);
}

/** A token as Prometheus names it in `unexpected ...` messages. */
export function describeToken({ kind, text, range }: Token): string {
  if (kind === "end of input") return kind;
  if (OPERATOR_KINDS.has(kind)) return `<op:${text}>`;
  if (AGGREGATE_KINDS.has(kind)) return `<aggr:${text}>`;
  if (MODIFIER_KINDS.has(kind)) return `<${text}>`;
  if (kind === "identifier" || kind === "metric identifier") return `${kind} ${quoteString(text)}`;
  const quoted = quoteShortened(text, range.end - range.start);
  return VALUED_KINDS.has(kind) ? `${kind} ${quoted}` : quoted;
}
