export { FUNCTION_SIGNATURES, type FunctionSignature } from "./functions/signatures.ts";
export { compileMatcher, literalValues } from "./matching/compile-matcher.ts";
export { compileRegex, type FullMatchRegex, MAX_REGEX_BYTES } from "./matching/regex.ts";
export type {
  InstantQuery,
  QueryEngine,
  QueryResult,
  QueryStats,
  QueryValue,
  RangeQuery,
  VectorSample,
} from "./query-engine.ts";
export type { SelectionEstimate, SeriesReader } from "./series-reader.ts";
