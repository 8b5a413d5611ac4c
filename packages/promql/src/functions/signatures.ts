import type { ValueType } from "../parser/ast.ts";

/** What the parser must know of a function: arguments, result, whether it is behind a switch. */
export interface FunctionSignature {
  readonly name: string;
  readonly argTypes: readonly ValueType[];
  /**
   * How the last argument type repeats (Prometheus' `Variadic`): 0 = fixed argument count,
   * n > 0 = up to n optional ones, -1 = any number.
   */
  readonly variadic: number;
  readonly returnType: ValueType;
  readonly experimental: boolean;
}
