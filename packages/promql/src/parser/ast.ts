import type { Matcher } from "@avx/model";

/** Where a node stands in the query text: byte offsets as Prometheus counts them, end exclusive. */
export interface PositionRange {
  readonly start: number;
  readonly end: number;
}

/** What an expression evaluates to; `none` where a function is unknown. */
export type ValueType = "scalar" | "vector" | "matrix" | "string" | "none";

/** A duration in an AST: fixed milliseconds, or an expression of the experimental duration arithmetic. */
export type DurationValue =
  | { readonly kind: "fixed"; readonly ms: number }
  | { readonly kind: "expression"; readonly expression: DurationExpression };

/** Experimental duration arithmetic (`5m * 2`, `step()`, `range()`, `min(step(), 1s)`). */
export type DurationExpression =
  | {
      readonly kind: "number";
      readonly seconds: number;
      readonly isDuration: boolean;
      readonly range: PositionRange;
    }
  | { readonly kind: "step" | "range"; readonly range: PositionRange }
  | {
      readonly kind: "unary";
      readonly op: "+" | "-";
      readonly operand: DurationExpression;
      readonly range: PositionRange;
    }
  | {
      readonly kind: "binary";
      readonly op: "+" | "-" | "*" | "/" | "%" | "^" | "min" | "max";
      readonly left: DurationExpression;
      readonly right: DurationExpression;
      readonly range: PositionRange;
    }
  | { readonly kind: "paren"; readonly inner: DurationExpression; readonly range: PositionRange };

/** `@ <time>`, `@ start()` or `@ end()`. */
export type AtModifier =
  | { readonly kind: "timestamp"; readonly timestampMs: number }
  | { readonly kind: "start" }
  | { readonly kind: "end" };

/** A number; a sign before it is part of its value. */
export interface NumberLiteral {
  readonly type: "number";
  readonly value: number;
  /** Written as a duration (`5m`), which Prometheus keeps when it prints the query. */
  readonly isDuration: boolean;
  readonly range: PositionRange;
}

/** A string, unescaped. */
export interface StringLiteral {
  readonly type: "string";
  readonly value: string;
  readonly range: PositionRange;
}

/** An instant vector selector with what stands behind it: offset, `@`, extension. */
export interface VectorSelector {
  readonly type: "vectorSelector";
  /** The name written before the braces, "" when none. Matchers hold it as `__name__` too. */
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly offset: DurationValue;
  readonly at?: AtModifier;
  /** Experimental extended range selectors. */
  readonly anchored: boolean;
  readonly smoothed: boolean;
  readonly range: PositionRange;
}

/** A range vector selector; offset and `@` are those of its `selector`. */
export interface MatrixSelector {
  readonly type: "matrixSelector";
  readonly selector: VectorSelector;
  readonly window: DurationValue;
  readonly range: PositionRange;
}

/** `expr[window:step]`: a range vector made by evaluating an expression. */
export interface Subquery {
  readonly type: "subquery";
  readonly expr: Expr;
  readonly window: DurationValue;
  /** Absent: the engine's default step. */
  readonly step?: DurationValue;
  readonly offset: DurationValue;
  readonly at?: AtModifier;
  readonly range: PositionRange;
}

/** The aggregation operators. */
export type AggregateOp =
  | "sum"
  | "avg"
  | "count"
  | "min"
  | "max"
  | "group"
  | "stddev"
  | "stdvar"
  | "topk"
  | "bottomk"
  | "count_values"
  | "quantile"
  | "limitk"
  | "limit_ratio";

/** An aggregation, wherever its `by` or `without` was written. */
export interface Aggregate {
  readonly type: "aggregate";
  readonly op: AggregateOp;
  readonly expr: Expr;
  readonly param?: Expr;
  readonly grouping: readonly string[];
  readonly without: boolean;
  /** Whether `by`/`without` was written at all (affects printing only). */
  readonly hasGrouping: boolean;
  readonly range: PositionRange;
}

/** Operators that calculate. */
export type ArithmeticOp = "+" | "-" | "*" | "/" | "%" | "^" | "atan2";
/** Operators that compare, and the two that trim histograms. */
export type ComparisonOp = "==" | "!=" | ">" | "<" | ">=" | "<=" | "</" | ">/";
/** Operators between sets of series. */
export type SetOp = "and" | "or" | "unless";
/** All binary operators. */
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp;

/** How many series of either side may match one of the other. */
export type MatchCardinality = "one-to-one" | "many-to-one" | "one-to-many" | "many-to-many";

/** How the two sides of a vector-vector operation are matched. */
export interface VectorMatching {
  readonly cardinality: MatchCardinality;
  /** `on(...)` when true, `ignoring(...)` (or nothing) when false. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels of `group_left(...)` / `group_right(...)`. */
  readonly include: readonly string[];
  /** Experimental `fill(x)`, `fill_left(x)`, `fill_right(x)`. */
  readonly fillLeft?: number;
  readonly fillRight?: number;
}

/** A binary operation. */
export interface Binary {
  readonly type: "binary";
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  readonly returnBool: boolean;
  /** Present when both sides are vectors. */
  readonly matching?: VectorMatching;
  readonly range: PositionRange;
}

/** A sign before anything but a number literal. */
export interface Unary {
  readonly type: "unary";
  readonly op: "+" | "-";
  readonly expr: Expr;
  readonly range: PositionRange;
}

/** An expression in parentheses, kept so that printing keeps them. */
export interface Paren {
  readonly type: "paren";
  readonly expr: Expr;
  readonly range: PositionRange;
}

/** A function call; the number and types of `args` are checked. */
export interface Call {
  readonly type: "call";
  /** A name of the function table (`functions/signatures.ts`). */
  readonly func: string;
  readonly args: readonly Expr[];
  readonly range: PositionRange;
}

/** Any node of an expression. */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Aggregate
  | Binary
  | Unary
  | Paren
  | Call;
