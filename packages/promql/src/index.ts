export { AVX_SIGNATURES, createAvxFunctions } from "./avx-functions/avx-functions.ts";
export { MAX_FITS_PER_QUERY } from "./avx-functions/forecast-limits.ts";
export { type CostContext, estimateCost } from "./cost/estimate-cost.ts";
export { assertAffordable, type QueryCost } from "./cost/query-cost.ts";
export { DEFAULT_QUERY_LIMITS, type QueryLimits } from "./cost/query-limits.ts";
export {
  createQueryEngine,
  type ExtraFunction,
  type QueryEngineOptions,
} from "./evaluator/create-query-engine.ts";
export type { FunctionImplementation } from "./functions/function-implementation.ts";
export { FUNCTION_SIGNATURES, type FunctionSignature } from "./functions/signatures.ts";
export { type BoundedBucket, bucketsInOrder } from "./histogram/buckets-in-order.ts";
export { type HistogramBucket, histogramBuckets } from "./histogram/histogram-buckets.ts";
export { withStoredHint, withStoredHints } from "./histogram/stored-hints.ts";
export { compileMatcher, literalValues } from "./matching/compile-matcher.ts";
export { compileRegex, type FullMatchRegex, MAX_REGEX_BYTES } from "./matching/regex.ts";
export type {
  Aggregate,
  AggregateOp,
  ArithmeticOp,
  AtModifier,
  Binary,
  BinaryOp,
  Call,
  ComparisonOp,
  DurationExpression,
  DurationValue,
  Expr,
  MatchCardinality,
  MatrixSelector,
  NumberLiteral,
  Paren,
  PositionRange,
  SetOp,
  StringLiteral,
  Subquery,
  Unary,
  ValueType,
  VectorMatching,
  VectorSelector,
} from "./parser/ast.ts";
export { exprToJson, type JsonValue } from "./parser/ast-json.ts";
export { childrenOf } from "./parser/children.ts";
export { formatDuration, parseDuration } from "./parser/duration.ts";
export { MAX_QUERY_BYTES, parseExpr } from "./parser/parse.ts";
export { ALL_EXPERIMENTAL, type ParseOptions } from "./parser/parse-options.ts";
export { prettyPrint, printExpr } from "./parser/print.ts";
export { parseSelector, selectorsOf } from "./parser/selectors.ts";
export type {
  InstantQuery,
  QueryEngine,
  QueryEstimator,
  QueryResult,
  QueryStats,
  QueryValue,
  RangeQuery,
  SampleStatistics,
  VectorSample,
} from "./query-engine.ts";
export type { SampleChanges, SelectionEstimate, SeriesReader } from "./series-reader.ts";
export { withStepMemory } from "./step-memory/step-memory.ts";
export { readsOnlyThePast } from "./step-memory/stepwise.ts";
export { createMemorySeriesReader } from "./testing/memory-series-reader.ts";
