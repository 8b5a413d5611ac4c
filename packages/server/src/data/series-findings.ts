import type { SampleColumns } from "@avx/model";
import type { DataFindingKind } from "../contract.ts";

/** Fewer samples say nothing about the distance at which they should come. */
const MIN_SAMPLES = 4;
/** A distance from which a sample is missing: jitter of half an interval on both sides is usual. */
const GAP_INTERVALS = 2.5;
/** A series is dead after this many missed samples, and not before a minute has passed. */
const DEAD_INTERVALS = 5;
const DEAD_AFTER_MS = 60_000;

/** What one series shows. */
export interface SeriesFinding {
  readonly kind: DataFindingKind;
  /** Gaps, resets or samples; 1 for a dead series. */
  readonly amount: number;
}

/** What is known of the series. */
export interface SeriesFacts {
  readonly nowMs: number;
  /** Its values may only rise. */
  readonly isCounter: boolean;
  /** Whether its last sample said that it ends. */
  readonly hasEnded: boolean;
}

/** The median distance of the samples in ms; undefined for fewer than four samples. */
export function intervalOf({ timestampsMs }: SampleColumns): number | undefined {
  if (timestampsMs.length < MIN_SAMPLES) return undefined;
  const distances = timestampsMs.subarray(1).map((timeMs, i) => timeMs - timestampsMs[i]!);
  distances.sort();
  return distances[distances.length >> 1];
}

/**
 * Gaps, counter resets, values that are not finite, and whether the series has stopped without
 * saying so. Stale markers must have been taken out before. Nothing for a series without samples;
 * a histogram sample has no value and is only looked at for its time.
 */
export function seriesFindings(series: SampleColumns, facts: SeriesFacts): SeriesFinding[] {
  const { timestampsMs, values, histograms } = series;
  const intervalMs = intervalOf(series);
  let gaps = 0;
  let resets = 0;
  let notFinite = 0;
  for (let i = 0; i < values.length; i++) {
    const isFloat = histograms?.[i] === undefined;
    if (isFloat && !Number.isFinite(values[i])) notFinite++;
    if (i === 0) continue;
    const distanceMs = timestampsMs[i]! - timestampsMs[i - 1]!;
    if (intervalMs !== undefined && distanceMs > GAP_INTERVALS * intervalMs) gaps++;
    if (isFloat && facts.isCounter && values[i]! < values[i - 1]!) resets++;
  }
  const found: SeriesFinding[] = [];
  if (gaps > 0) found.push({ kind: "gap", amount: gaps });
  if (resets > 0) found.push({ kind: "reset", amount: resets });
  if (notFinite > 0) found.push({ kind: "not_finite", amount: notFinite });
  const lastMs = timestampsMs.at(-1);
  if (intervalMs === undefined || lastMs === undefined || facts.hasEnded) return found;
  const silentMs = facts.nowMs - lastMs;
  const isDead = silentMs > Math.max(DEAD_AFTER_MS, DEAD_INTERVALS * intervalMs);
  return isDead ? [...found, { kind: "dead_series", amount: 1 }] : found;
}
