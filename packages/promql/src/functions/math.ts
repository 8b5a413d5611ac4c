import type { FunctionImplementation } from "./function-implementation.ts";
import { floatFunction } from "./pointwise.ts";

/** Functions of one float that are no trigonometry. */
export const MATH_FUNCTIONS: readonly FunctionImplementation[] = [
  floatFunction("abs", Math.abs),
  floatFunction("ceil", Math.ceil),
  floatFunction("floor", Math.floor),
  floatFunction("exp", Math.exp),
  floatFunction("sqrt", Math.sqrt),
  floatFunction("ln", Math.log),
  floatFunction("log2", Math.log2),
  floatFunction("log10", Math.log10),
  floatFunction("sgn", (value) => (value < 0 ? -1 : value > 0 ? 1 : value)),
];
