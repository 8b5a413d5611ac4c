import { AvxError } from "@avx/model";

/** A failure of evaluation (Prometheus' errorType `execution`) with Prometheus' text. */
export function evaluationError(reason: string): AvxError {
  return new AvxError("query_failed", { reason });
}
