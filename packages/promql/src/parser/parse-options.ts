import { FUNCTION_SIGNATURES, type FunctionSignature } from "../functions/signatures.ts";

/** What of the language is on. Everything experimental is off when not asked for, as upstream. */
export interface ParseOptions {
  /** Functions and aggregations marked experimental (`promql-experimental-functions`). */
  readonly experimentalFunctions?: boolean;
  /** Arithmetic in durations: `[5m * 2]`, `step()` (`promql-duration-expr`). */
  readonly durationExpressions?: boolean;
  /** `anchored` and `smoothed` selectors (`promql-extended-range-selectors`). */
  readonly extendedRangeSelectors?: boolean;
  /** `fill`, `fill_left`, `fill_right` (`promql-binop-fill-modifiers`). */
  readonly fillModifiers?: boolean;
  /** Functions beyond those of Prometheus, by name. */
  readonly extraFunctions?: ReadonlyMap<string, FunctionSignature>;
}

/** Every experimental switch on. */
export const ALL_EXPERIMENTAL: ParseOptions = {
  experimentalFunctions: true,
  durationExpressions: true,
  extendedRangeSelectors: true,
  fillModifiers: true,
};

/** The signature of a function by its name; Prometheus' own functions come first. */
export function findFunction(name: string, options: ParseOptions): FunctionSignature | undefined {
  return FUNCTION_SIGNATURES.get(name) ?? options.extraFunctions?.get(name);
}
