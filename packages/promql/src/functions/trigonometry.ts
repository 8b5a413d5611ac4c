import type { FunctionImplementation } from "./function-implementation.ts";
import { floatFunction } from "./pointwise.ts";

/** Trigonometric functions; angles in radians. */
export const TRIGONOMETRIC_FUNCTIONS: readonly FunctionImplementation[] = [
  floatFunction("sin", Math.sin),
  floatFunction("cos", Math.cos),
  floatFunction("tan", Math.tan),
  floatFunction("asin", Math.asin),
  floatFunction("acos", Math.acos),
  floatFunction("atan", Math.atan),
  floatFunction("sinh", Math.sinh),
  floatFunction("cosh", Math.cosh),
  floatFunction("tanh", Math.tanh),
  floatFunction("asinh", Math.asinh),
  floatFunction("acosh", Math.acosh),
  floatFunction("atanh", Math.atanh),
  floatFunction("rad", (degrees) => (degrees * Math.PI) / 180),
  floatFunction("deg", (radians) => (radians * 180) / Math.PI),
];
