import type { Aggregate, AggregateOp, Call, Expr } from "./ast.ts";
import { parseGrouping } from "./parse-grouping.ts";
import { findFunction } from "./parse-options.ts";
import type { Parser } from "./parser.ts";
import type { Token } from "./token.ts";

const WITH_PARAM: ReadonlySet<AggregateOp> = new Set([
  "topk",
  "bottomk",
  "count_values",
  "quantile",
  "limitk",
  "limit_ratio",
]);
const EXPERIMENTAL_OPS: ReadonlySet<AggregateOp> = new Set(["limitk", "limit_ratio"]);
const AGGREGATION = { context: "aggregation", expected: "" };

/** Whether an aggregation takes a parameter before its vector. */
function takesParam(op: AggregateOp): boolean {
  return WITH_PARAM.has(op);
}

/** A function call whose name is already taken; the next token opens its arguments. */
export function parseCall(parser: Parser, name: Token): Call {
  const args = parseArguments(parser);
  const signature = findFunction(name.text, parser.options);
  if (signature === undefined) {
    parser.fail(name.range, `unknown function with name "${name.text}"`);
  }
  if (signature.experimental && !parser.options.experimentalFunctions) {
    parser.fail(name.range, `function "${name.text}" is not enabled`);
  }
  const range = { start: name.range.start, end: parser.tokens.lastClosing };
  return parser.node({ type: "call", func: name.text, args, range });
}

/** An aggregation whose operator is already taken; the next token is `(`, `by` or `without`. */
export function parseAggregate(parser: Parser, op: AggregateOp, operator: Token): Aggregate {
  const { tokens } = parser;
  return tokens.within(AGGREGATION, () => {
    const before = parseAggregateModifier(parser);
    if (before !== undefined && tokens.peek().kind !== "(") tokens.unexpected();
    const args = parseArguments(parser);
    const modifier = before ?? parseAggregateModifier(parser);
    const end = modifier === undefined ? tokens.closingBeforeLookahead() : tokens.lastClosing;
    const range = { start: operator.range.start, end };
    const { grouping = [], without = false } = modifier ?? {};
    const operands = aggregateOperands(parser, { op, args, range });
    const hasGrouping = modifier !== undefined;
    return parser.node({
      type: "aggregate",
      op,
      ...operands,
      grouping,
      without,
      hasGrouping,
      range,
    });
  });
}

interface Modifier {
  readonly grouping: readonly string[];
  readonly without: boolean;
}

function parseAggregateModifier(parser: Parser): Modifier | undefined {
  const { kind } = parser.tokens.peek();
  if (kind !== "by" && kind !== "without") return undefined;
  parser.tokens.take();
  return { grouping: parseGrouping(parser), without: kind === "without" };
}

function aggregateOperands(
  parser: Parser,
  { op, args, range }: { op: AggregateOp; args: readonly Expr[]; range: Aggregate["range"] },
): { readonly expr: Expr; readonly param?: Expr } {
  if (args.length === 0) parser.fail(range, "no arguments for aggregate expression provided");
  if (EXPERIMENTAL_OPS.has(op) && !parser.options.experimentalFunctions) {
    const switchName = "--enable-feature=promql-experimental-functions";
    parser.fail(range, `${op}() is experimental and must be enabled with ${switchName}`);
  }
  const [first, second] = args;
  const wanted = takesParam(op) ? 2 : 1;
  if (args.length === 1 && first !== undefined && wanted === 1) return { expr: first };
  if (args.length === 2 && first !== undefined && second !== undefined && wanted === 2) {
    return { param: first, expr: second };
  }
  const text = "wrong number of arguments for aggregate expression provided";
  return parser.fail(range, `${text}, expected ${wanted}, got ${args.length}`);
}

function parseArguments(parser: Parser): readonly Expr[] {
  const { tokens } = parser;
  tokens.expect("(");
  const args: Expr[] = [];
  if (tokens.takeIf(")") !== undefined) return args;
  for (;;) {
    args.push(parser.parseExpression());
    const comma = tokens.takeIf(",");
    if (comma === undefined) {
      tokens.expect(")");
      return args;
    }
    if (!parser.startsExpression(tokens.peek().kind)) {
      parser.fail(comma.range, "trailing commas not allowed in function call args");
    }
  }
}
