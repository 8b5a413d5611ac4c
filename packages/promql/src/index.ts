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
