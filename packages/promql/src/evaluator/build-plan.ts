import { AvxError } from "@avx/model";
import type { FunctionImplementation } from "../functions/function-implementation.ts";
import type { Aggregate, Binary, Call, Expr, Subquery, ValueType } from "../parser/ast.ts";
import { durationMs } from "./duration.ts";
import type { PlanNode, QueryPlan, Selection } from "./plan.ts";
import {
  atTime,
  durationContext,
  planSelection,
  type Reach,
  type TimeContext,
} from "./plan-selection.ts";
import { type Planned, wrapped } from "./step-invariance.ts";

/** A function as a plan needs it. */
export interface PlannedFunction {
  readonly implementation: FunctionImplementation;
  readonly returnType: ValueType;
}

/** What a plan depends on besides the query. */
export interface PlanContext extends TimeContext {
  /** Step of subqueries that name none. */
  readonly defaultSubqueryStepMs: number;
  readonly functions: ReadonlyMap<string, PlannedFunction>;
}

/**
 * Resolves a parsed query for its time range: durations, `@`, `start()` and the like become
 * numbers, selectors learn what to fetch, parts that do not depend on the step are marked.
 */
export function buildPlan(expr: Expr, context: PlanContext): QueryPlan {
  const builder = new PlanBuilder(context);
  const planned = builder.build(expr, {
    startMs: context.startMs,
    endMs: context.endMs,
  });
  return { root: wrapped(planned), selections: builder.selections };
}

/** Walks the expression and collects its selections on the way. */
class PlanBuilder {
  readonly selections: Selection[] = [];
  readonly #context: PlanContext;

  constructor(context: PlanContext) {
    this.#context = context;
  }

  build(expr: Expr, reach: Reach): Planned {
    switch (expr.type) {
      case "number":
        return constant(expr.value, expr);
      case "string":
        return fixed({ kind: "string", type: "string", text: expr.value, range: expr.range });
      case "paren":
        return this.build(expr.expr, reach);
      case "vectorSelector": {
        const selection = this.#keep(planSelection(expr, { windowMs: 0, reach }, this.#context));
        const invariant = selection.atMs !== undefined;
        const node: PlanNode = { kind: "selector", type: "vector", selection, range: expr.range };
        return { node, invariant, wrap: invariant };
      }
      case "matrixSelector": {
        const windowMs = durationMs(expr.window, durationContext(this.#context));
        const place = { windowMs, reach };
        const selection = this.#keep(planSelection(expr.selector, place, this.#context));
        const { range } = expr;
        const node: PlanNode = { kind: "window", type: "matrix", selection, windowMs, range };
        return { node, invariant: selection.atMs !== undefined, wrap: false };
      }
      case "unary": {
        const inner = this.build(expr.expr, reach);
        if (expr.op === "+") return inner;
        const type = inner.node.type === "scalar" ? "scalar" : "vector";
        const node: PlanNode = { kind: "negate", type, inner: inner.node, range: expr.range };
        return { ...inner, node };
      }
      case "subquery":
        return this.#subquery(expr, reach);
      case "call":
        return this.#call(expr, reach);
      case "aggregate":
        return this.#aggregate(expr, reach);
      case "binary":
        return this.#binary(expr, reach);
    }
  }

  #keep(selection: Selection): Selection {
    this.selections.push(selection);
    return selection;
  }

  #subquery(expr: Subquery, reach: Reach): Planned {
    const durations = durationContext(this.#context);
    const windowMs = durationMs(expr.window, durations);
    const offsetMs = durationMs(expr.offset, durations, true);
    const stepMs = expr.step ? durationMs(expr.step, durations) : 0;
    const atMs = atTime(expr.at, this.#context);
    const inner = this.build(expr.expr, {
      startMs: (atMs ?? reach.startMs) - offsetMs - windowMs,
      endMs: (atMs ?? reach.endMs) - offsetMs,
      needsBuckets: true,
    });
    const node: PlanNode = {
      kind: "subquery",
      type: "matrix",
      inner: wrapped({ ...inner, wrap: true }),
      windowMs,
      offsetMs,
      stepMs: stepMs === 0 ? this.#context.defaultSubqueryStepMs : stepMs,
      ...(atMs === undefined ? {} : { atMs }),
      range: expr.range,
    };
    return { node, invariant: atMs !== undefined, wrap: false };
  }

  #call(expr: Call, reach: Reach): Planned {
    const folded = foldedValue(expr.func, this.#context);
    if (folded !== undefined) return constant(folded, expr);
    const known = this.#context.functions.get(expr.func);
    if (!known) throw unknownFunction(expr.func);
    const { implementation, returnType } = known;
    const inside = insideCall(expr.func, reach);
    const args = expr.args.map((arg) => this.build(withoutParens(arg), inside));
    // The second argument of info() is no vector: only its matchers count.
    if (expr.func === "info" && args.length > 1) this.selections.pop();
    // timestamp() of a selector with @ is the one time function that then does not vary.
    const fixedTimestamp =
      expr.func === "timestamp" && args.every(({ node }) => node.kind === "selector");
    const invariant =
      args.every((arg) => arg.invariant) && (!implementation.dependsOnStep || fixedTimestamp);
    const node: PlanNode = {
      kind: "call",
      type: returnType,
      name: expr.func,
      args: args.map((arg) => (invariant ? arg.node : wrapped(arg))),
      implementation,
      range: expr.range,
    };
    return { node, invariant, wrap: invariant };
  }

  #aggregate(expr: Aggregate, reach: Reach): Planned {
    const inner = this.build(withoutParens(expr.expr), reach);
    const param = expr.param && this.build(withoutParens(expr.param), reach);
    const node: PlanNode = {
      kind: "aggregate",
      type: "vector",
      op: expr.op,
      inner: inner.node,
      ...(param ? { param: param.node } : {}),
      grouping: expr.grouping,
      without: expr.without,
      range: expr.range,
    };
    return { ...inner, node };
  }

  #binary(expr: Binary, reach: Reach): Planned {
    const trims = expr.op === "</" || expr.op === ">/";
    const inside = trims ? { ...reach, needsBuckets: true } : reach;
    const left = this.build(expr.left, inside);
    const right = this.build(expr.right, inside);
    const invariant = left.invariant && right.invariant;
    const scalar = left.node.type === "scalar" && right.node.type === "scalar";
    const node: PlanNode = {
      kind: "binary",
      type: scalar ? "scalar" : "vector",
      op: expr.op,
      left: invariant ? left.node : wrapped(left),
      right: invariant ? right.node : wrapped(right),
      returnBool: expr.returnBool,
      ...(expr.matching ? { matching: expr.matching } : {}),
      range: expr.range,
    };
    return { node, invariant, wrap: invariant };
  }
}

const STATISTICS: ReadonlySet<string> = new Set([
  "histogram_count",
  "histogram_sum",
  "histogram_avg",
]);
const NEED_BUCKETS: ReadonlySet<string> = new Set([
  "histogram_quantile",
  "histogram_quantiles",
  "histogram_fraction",
]);

function insideCall(name: string, reach: Reach): Reach {
  if (STATISTICS.has(name)) return { ...reach, inStatistics: true };
  return NEED_BUCKETS.has(name) ? { ...reach, needsBuckets: true } : reach;
}

function constant(value: number, { range }: Expr): Planned {
  return fixed({ kind: "number", type: "scalar", value, range });
}

function fixed(node: PlanNode): Planned {
  return { node, invariant: true, wrap: false };
}

function withoutParens(expr: Expr): Expr {
  return expr.type === "paren" ? withoutParens(expr.expr) : expr;
}

function unknownFunction(name: string): AvxError {
  return new AvxError("bad_query", { reason: `unknown function with name "${name}"` });
}

/** The value of a function that is constant for one query. */
function foldedValue(name: string, context: PlanContext): number | undefined {
  const { startMs, endMs, stepMs } = context;
  switch (name) {
    case "start":
      return startMs / 1000;
    case "end":
      return endMs / 1000;
    case "range":
      return (endMs - startMs) / 1000;
    case "step":
      return startMs === endMs ? 0 : stepMs / 1000;
    default:
      return undefined;
  }
}
