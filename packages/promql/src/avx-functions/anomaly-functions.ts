import { createStreamingDetector, type StreamingVerdict } from "@avx/analysis";
import type { ExtraFunction } from "../evaluator/create-query-engine.ts";
import { putFloat } from "../evaluator/value.ts";
import type { FunctionSignature } from "../functions/signatures.ts";
import { type PacedKernel, windowFunction } from "../functions/window-function.ts";

type VerdictPart = "score" | "expectedLower" | "expectedUpper";

const PARTS: readonly (readonly [name: string, part: VerdictPart])[] = [
  ["avx_anomaly_score", "score"],
  ["avx_expected_lower", "expectedLower"],
  ["avx_expected_upper", "expectedUpper"],
];

/** Samples judged at a stretch: about 10 ms. */
const SAMPLES_AT_ONCE = 5000;

/** Signatures of the functions of anomalies, by name. */
export const ANOMALY_SIGNATURES: ReadonlyMap<string, FunctionSignature> = new Map(
  PARTS.map(([name]) => [name, signatureOf(name)]),
);

function signatureOf(name: string): FunctionSignature {
  const argTypes = ["matrix"] as const;
  return { name, argTypes, variadic: 0, returnType: "vector", experimental: false };
}

/**
 * `avx_anomaly_score(v range-vector)`: how unusual the newest sample of each window is, 0 to 1, from
 * 0.5 on an alarm is open; `avx_expected_lower` and `avx_expected_upper`: where it was expected. The
 * samples are judged once, in order of time, from the first of the first window on: the value at a
 * step knows no later sample. No value while a detector has too few samples to say anything.
 */
export function createAnomalyFunctions(): readonly ExtraFunction[] {
  return PARTS.map(([name, part]) => ({
    signature: signatureOf(name),
    implementation: windowFunction(name, {
      prepare: (_, run) => anomalyKernel(part, () => run.breathe() ?? undefined),
    }),
  }));
}

function anomalyKernel(part: VerdictPart, breathe: () => Promise<void> | undefined): PacedKernel {
  return async ({ columns, from, to }, column, { firstStep, endStep }) => {
    const detector = createStreamingDetector();
    let verdict: StreamingVerdict | undefined;
    let next = from[0] ?? 0;
    for (let i = 0; i < endStep; i++) {
      for (; next < to[i]!; next++) {
        const judged = detector.push(columns.timesMs[next]!, columns.values[next]!);
        if (judged.reason !== "not-a-number") verdict = judged;
        if (next % SAMPLES_AT_ONCE === 0) await breathe();
      }
      if (i < firstStep || from[i] === to[i] || verdict === undefined) continue;
      if (verdict.reason === "warming-up" || Number.isNaN(verdict[part])) continue;
      putFloat(column, i, verdict[part]);
    }
  };
}
