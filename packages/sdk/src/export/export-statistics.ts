import type { OtlpSignal } from "@avx/wire";
import type { BoundCounter, Counter } from "../metrics/bound-instruments.ts";
import type { Meter } from "../metrics/meter.ts";

/** What happened to one signal's items, as a metric of the SDK about itself. */
export interface ExportStatistics {
  readonly sent: BoundCounter;
  /** Taken by nobody: refused by the server, or given up after the last attempt. */
  readonly rejected: BoundCounter;
  readonly failed: BoundCounter;
  /** Lost because the queue was full. */
  readonly dropped: BoundCounter;
}

/** The counters of one signal in `avx.sdk.export.items`. */
export function exportStatistics(meter: Meter, signal: OtlpSignal): ExportStatistics {
  const items: Counter = meter.createCounter("avx.sdk.export.items", {
    description: "Items by what became of them: sent, rejected, failed, dropped.",
    unit: "{item}",
  });
  const of = (outcome: string): BoundCounter => items.bind({ signal, outcome });
  return {
    sent: of("sent"),
    rejected: of("rejected"),
    failed: of("failed"),
    dropped: of("dropped"),
  };
}
