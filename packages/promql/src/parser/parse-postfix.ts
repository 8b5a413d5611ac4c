import type {
  AtModifier,
  DurationValue,
  Expr,
  MatrixSelector,
  Subquery,
  VectorSelector,
} from "./ast.ts";
import { parseOffsetDuration, parsePositiveDuration } from "./parse-duration-expression.ts";
import { parseLiteral } from "./parse-literal.ts";
import type { Parser } from "./parser.ts";
import type { Token } from "./token.ts";

const DURATIONS = "number, duration, step(), or range()";
const IN_OFFSET = { context: "offset", expected: DURATIONS };
const IN_AT = { context: "@", expected: "timestamp" };
const IN_BRACKETS = { context: "subquery or range selector", expected: DURATIONS };
const AFTER_RANGE = { context: "subquery or range", expected: '":" or "]"' };
const IN_STEP = {
  context: "subquery selector",
  expected: 'number, duration, step(), range(), or "]"',
};
const AFTER_STEP = { context: "subquery selector", expected: '"]"' };

const MAX_INT64 = 2 ** 63;
const MS_PER_SECOND = 1000;

/** Ranges, subqueries, `offset`, `@`, `anchored` and `smoothed` behind an expression. */
export function parsePostfixes(parser: Parser, operand: Expr): Expr {
  let expr = operand;
  for (;;) {
    switch (parser.tokens.peek().kind) {
      case "[":
        expr = parseBrackets(parser, expr);
        break;
      case "offset":
        expr = parseOffset(parser, expr);
        break;
      case "@":
        expr = parseAt(parser, expr);
        break;
      case "anchored":
      case "smoothed":
        expr = extendRange(parser, expr, parser.tokens.take());
        break;
      default:
        return expr;
    }
  }
}

function parseBrackets(parser: Parser, expr: Expr): Expr {
  const { tokens } = parser;
  const open = tokens.take();
  const window = tokens.within(IN_BRACKETS, () => parsePositiveDuration(parser));
  const close = tokens.takeIf("]");
  if (close !== undefined) {
    const selector = requireSelector(parser, expr, {
      start: open.range.start,
      end: close.range.end,
    });
    const range = { start: expr.range.start, end: tokens.lastClosing };
    return parser.node({ type: "matrixSelector", selector, window, range });
  }
  if (tokens.takeIf(":") === undefined) tokens.unexpected(AFTER_RANGE);
  let end = tokens.takeIf("]");
  let step: DurationValue | undefined;
  if (end === undefined) {
    step = tokens.within(IN_STEP, () => parsePositiveDuration(parser));
    end = tokens.takeIf("]") ?? tokens.unexpected(AFTER_STEP);
  }
  return parser.node({
    type: "subquery",
    expr,
    window,
    ...(step === undefined ? {} : { step }),
    offset: { kind: "fixed", ms: 0 },
    range: { start: expr.range.start, end: end.range.end },
  });
}

function requireSelector(parser: Parser, expr: Expr, brackets: Expr["range"]): VectorSelector {
  if (expr.type !== "vectorSelector") {
    return parser.fail(brackets, "ranges only allowed for vector selectors");
  }
  if (hasOffset(expr)) parser.fail(brackets, "no offset modifiers allowed before range");
  if (expr.at !== undefined) parser.fail(brackets, "no @ modifiers allowed before range");
  return expr;
}

type Shiftable = VectorSelector | MatrixSelector | Subquery;

function isShiftable(expr: Expr): expr is Shiftable {
  return (
    expr.type === "vectorSelector" || expr.type === "matrixSelector" || expr.type === "subquery"
  );
}

function hasOffset({ offset }: VectorSelector | Subquery): boolean {
  return offset.kind === "expression" || offset.ms !== 0;
}

function parseOffset(parser: Parser, expr: Expr): Expr {
  const { tokens } = parser;
  tokens.take();
  const offset = tokens.within(IN_OFFSET, () => parseOffsetDuration(parser));
  if (!isShiftable(expr)) {
    const what = "an instant vector selector or range vector selector or a subquery";
    return parser.fail(expr.range, `offset modifier must be preceded by ${what}`);
  }
  if (hasOffset(expr.type === "matrixSelector" ? expr.selector : expr)) {
    parser.fail(expr.range, "offset may not be set multiple times");
  }
  return modify(parser, expr, { offset });
}

function parseAt(parser: Parser, expr: Expr): Expr {
  parser.tokens.take();
  const at = parser.tokens.within(IN_AT, () => parseTimestamp(parser, expr));
  if (!isShiftable(expr)) {
    const what = "an instant vector selector or range vector selector or a subquery";
    return parser.fail(expr.range, `@ modifier must be preceded by ${what}`);
  }
  if ((expr.type === "matrixSelector" ? expr.selector : expr).at !== undefined) {
    parser.fail(expr.range, "@ <timestamp> may not be set multiple times");
  }
  return modify(parser, expr, { at });
}

function parseTimestamp(parser: Parser, expr: Expr): AtModifier {
  const { tokens } = parser;
  const { kind } = tokens.peek();
  if (kind === "start" || kind === "end") {
    tokens.take();
    tokens.expect("(");
    tokens.expect(")");
    return { kind };
  }
  const sign = kind === "+" || kind === "-" ? tokens.take() : undefined;
  const next = tokens.peek().kind;
  if (next !== "number" && next !== "duration") tokens.unexpected();
  const { value } = parseLiteral(parser);
  const seconds = sign?.kind === "-" ? -value : value;
  if (!(Math.abs(seconds) < MAX_INT64)) {
    const text = `timestamp out of bounds for @ modifier: ${formatFixed(seconds)}`;
    parser.fail(expr.range, text);
  }
  const ms = seconds * MS_PER_SECOND;
  return { kind: "timestamp", timestampMs: Math.sign(ms) * Math.round(Math.abs(ms)) };
}

/** Go's `%f` of a number too big for a timestamp. */
function formatFixed(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return `${BigInt(value)}.000000`;
}

function modify(
  parser: Parser,
  expr: Shiftable,
  change: { readonly offset: DurationValue } | { readonly at: AtModifier },
): Expr {
  const range = { start: expr.range.start, end: parser.tokens.lastClosing };
  if (expr.type !== "matrixSelector") return parser.node({ ...expr, ...change, range });
  const selector = parser.node({ ...expr.selector, ...change });
  return parser.node({ ...expr, selector, range });
}

function extendRange(parser: Parser, expr: Expr, { kind }: Token): Expr {
  const word = kind === "anchored" ? "anchored" : "smoothed";
  if (!parser.options.extendedRangeSelectors) {
    parser.fail(expr.range, `${word} modifier is experimental and not enabled`);
  }
  if (expr.type === "subquery") {
    parser.fail(expr.range, `${word} modifier is not supported for subqueries`);
  }
  if (expr.type !== "vectorSelector" && expr.type !== "matrixSelector") {
    return parser.fail(expr.range, `${word} modifier not implemented`);
  }
  const selector = expr.type === "matrixSelector" ? expr.selector : expr;
  const extended = parser.node({ ...selector, [word]: true });
  if (extended.anchored && extended.smoothed) {
    parser.fail(expr.range, "anchored and smoothed modifiers cannot be used together");
  }
  return expr.type === "matrixSelector" ? parser.node({ ...expr, selector: extended }) : extended;
}
