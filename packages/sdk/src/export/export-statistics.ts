import type { OtlpSignal } from "@avx/wire";
import type { Meter } from "../metrics/meter.ts";
import type { SumInstrument, SumSeries } from "../metrics/sum.ts";

/** What happened to one signal's items, as a metric of the SDK about itself. */
export interface ExportStatistics {
  readonly sent: SumSeries;
  /** Taken by nobody: refused by the server, or given up after the last attempt. */
  readonly rejected: SumSeries;
  readonly failed: SumSeries;
  /** Lost because the queue was full. */
  readonly dropped: SumSeries;
}

/** The counters of one signal in `avx.sdk.export.items`. */
export function exportStatistics(meter: Meter, signal: OtlpSignal): ExportStatistics {
  const items: SumInstrument = meter.createCounter("avx.sdk.export.items", {
    description: "Items by what became of them: sent, rejected, failed, dropped.",
    unit: "{item}",
  });
  const of = (outcome: string): SumSeries => items.bind({ signal, outcome });
  return {
    sent: of("sent"),
    rejected: of("rejected"),
    failed: of("failed"),
    dropped: of("dropped"),
  };
}
