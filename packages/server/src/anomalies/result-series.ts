import type { Labels } from "@avx/model";
import type { MetricBatch } from "@avx/store";
import type { JudgedColumns, SampleColumns } from "./watch-messages.ts";
import { RESULT_NAMES, type WatchEntry } from "./watch-registry.ts";

const HELP: Readonly<Record<(typeof RESULT_NAMES)[number], string>> = {
  avx_anomaly_score: "How unusual a signal is, 0 to 1; from 0.5 on an alarm is open.",
  avx_expected_lower: "The lower bound in which a signal was expected.",
  avx_expected_upper: "The upper bound in which a signal was expected.",
};

const METADATA: MetricBatch["metadata"] = RESULT_NAMES.map((name) => ({
  ...{ name, type: "gauge", help: HELP[name], unit: "" },
}));

/** Which samples were judged, and how. */
export interface JudgedSamples {
  readonly ids: SampleColumns["ids"];
  readonly timestampsMs: SampleColumns["timestampsMs"];
  readonly judged: JudgedColumns;
}

/**
 * Score and expected band as series, so that they can be drawn, queried and alerted on; undefined
 * when none of the series has stored results.
 */
export function resultSeries(
  { ids, timestampsMs, judged }: JudgedSamples,
  entries: readonly WatchEntry[],
): MetricBatch | undefined {
  const labels: Labels[] = [];
  const times: number[] = [];
  const values: number[] = [];
  const columns = [judged.scores, judged.lower, judged.upper];
  for (let i = 0; i < ids.length; i++) {
    const { resultLabels = [] } = entries[ids[i]!]!;
    for (const [at, ofResult] of resultLabels.entries()) {
      const value = columns[at]![i]!;
      if (!Number.isFinite(value)) continue;
      labels.push(ofResult);
      times.push(timestampsMs[i]!);
      values.push(value);
    }
  }
  if (labels.length === 0) return undefined;
  const packed = {
    labels,
    ends: Uint32Array.from(labels, (_, i) => i + 1),
    timestampsMs: Float64Array.from(times),
    values: Float64Array.from(values),
  };
  return { series: [], packed, metadata: METADATA, exemplars: [] };
}
