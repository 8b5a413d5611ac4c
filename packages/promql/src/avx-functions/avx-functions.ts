import type { ExtraFunction } from "../evaluator/create-query-engine.ts";
import type { FunctionSignature } from "../functions/signatures.ts";
import { ANOMALY_SIGNATURES, createAnomalyFunctions } from "./anomaly-functions.ts";
import { createForecastFunctions, FORECAST_SIGNATURES } from "./forecast-functions.ts";

/** Signatures of the functions that PromQL has here beyond Prometheus', by name: `extraFunctions`. */
export const AVX_SIGNATURES: ReadonlyMap<string, FunctionSignature> = new Map([
  ...FORECAST_SIGNATURES,
  ...ANOMALY_SIGNATURES,
]);

/** The functions of AVX_SIGNATURES, for the option `extraFunctions` of an engine. */
export function createAvxFunctions(): readonly ExtraFunction[] {
  return [...createForecastFunctions(), ...createAnomalyFunctions()];
}
