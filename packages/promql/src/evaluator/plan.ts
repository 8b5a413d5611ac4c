import type { LabelledSeries, Matcher, TimeRange } from "@avx/model";
import type { FunctionImplementation } from "../functions/function-implementation.ts";
import type {
  AggregateOp,
  BinaryOp,
  PositionRange,
  ValueType,
  VectorMatching,
} from "../parser/ast.ts";

/**
 * What a selector of the query asks of storage, with all durations and `@` resolved. `series` is
 * filled before evaluation starts; nothing of the plan changes after that.
 */
export interface Selection {
  readonly matchers: readonly Matcher[];
  readonly offsetMs: number;
  /** The time that `@` fixes; absent: the time of the step. */
  readonly atMs?: number;
  /** Experimental extended range selectors, which look beyond the window. */
  readonly extension: "none" | "anchored" | "smoothed";
  /** Only count and sum of histograms are asked for, so their buckets need not be kept. */
  readonly statisticsOnly: boolean;
  /** All sample times that evaluation may look at. */
  readonly fetchRange: TimeRange;
  series: readonly LabelledSeries[];
}

interface NodePosition {
  readonly range: PositionRange;
}

/** A number that does not depend on time; also what `start()`, `step()` and the like became. */
export interface NumberNode extends NodePosition {
  readonly kind: "number";
  readonly type: "scalar";
  readonly value: number;
}

/** A string literal. */
export interface StringNode extends NodePosition {
  readonly kind: "string";
  readonly type: "string";
  readonly text: string;
}

/** An instant vector selector. */
export interface SelectorNode extends NodePosition {
  readonly kind: "selector";
  readonly type: "vector";
  readonly selection: Selection;
}

/** A range vector selector. */
export interface WindowNode extends NodePosition {
  readonly kind: "window";
  readonly type: "matrix";
  readonly selection: Selection;
  readonly windowMs: number;
}

/** An expression evaluated on steps of its own inside a window. */
export interface SubqueryNode extends NodePosition {
  readonly kind: "subquery";
  readonly type: "matrix";
  readonly inner: PlanNode;
  readonly windowMs: number;
  readonly stepMs: number;
  readonly offsetMs: number;
  readonly atMs?: number;
}

/** An aggregation over groups of series. */
export interface AggregateNode extends NodePosition {
  readonly kind: "aggregate";
  readonly type: "vector";
  readonly op: AggregateOp;
  readonly inner: PlanNode;
  readonly param?: PlanNode;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

/** An operator between two expressions. */
export interface BinaryNode extends NodePosition {
  readonly kind: "binary";
  readonly type: "scalar" | "vector";
  readonly op: BinaryOp;
  readonly left: PlanNode;
  readonly right: PlanNode;
  readonly returnBool: boolean;
  readonly matching?: VectorMatching;
}

/** Unary minus. */
export interface NegateNode extends NodePosition {
  readonly kind: "negate";
  readonly type: "scalar" | "vector";
  readonly inner: PlanNode;
}

/** A function call with its implementation resolved. */
export interface CallNode extends NodePosition {
  readonly kind: "call";
  readonly type: ValueType;
  readonly name: string;
  readonly args: readonly PlanNode[];
  readonly implementation: FunctionImplementation;
}

/** A part whose value does not depend on the step: evaluated once, at the first step. */
export interface InvariantNode extends NodePosition {
  readonly kind: "invariant";
  readonly type: ValueType;
  readonly inner: PlanNode;
}

/** Any node of a query plan. */
export type PlanNode =
  | NumberNode
  | StringNode
  | SelectorNode
  | WindowNode
  | SubqueryNode
  | AggregateNode
  | BinaryNode
  | NegateNode
  | CallNode
  | InvariantNode;

/** A query made ready for evaluation. */
export interface QueryPlan {
  readonly root: PlanNode;
  readonly selections: readonly Selection[];
}
