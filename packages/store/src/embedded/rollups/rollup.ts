import { isStaleAt, type SampleColumns } from "@avx/model";
import { BLOCK_MS } from "../../head/sample-block.ts";

/** Length of one bucket: Thanos and VictoriaMetrics thin out to the same 5 minutes first. */
export const BUCKET_MS = 300_000;

/** Buckets of a block. */
const BUCKETS = BLOCK_MS / BUCKET_MS;

/** What is kept of one series in one 2-hour block: an entry for each bucket that has samples. */
export interface Rollup {
  /** Number of the bucket within the block, ascending. */
  readonly bucket: readonly number[];
  readonly count: readonly number[];
  readonly sum: readonly number[];
  readonly min: readonly number[];
  readonly max: readonly number[];
  readonly first: readonly number[];
  readonly last: readonly number[];
  /** Times of the first and the last sample, ms since the start of the block. */
  readonly firstOffset: readonly number[];
  readonly lastOffset: readonly number[];
  /** From the first to the last sample: of a counter, where a fall is a reset, as `increase` counts. */
  readonly increase: readonly number[];
}

/** Which samples, and how they are read. */
export interface RollupSource {
  readonly startMs: number;
  readonly columns: SampleColumns;
  readonly isCounter: boolean;
}

/**
 * The buckets of one block of one series. Stale markers and native histograms count for nothing;
 * `undefined` when nothing else is there. A NaN makes the sum NaN, and is no minimum or maximum.
 */
export function rollUp({ startMs, columns, isCounter }: RollupSource): Rollup | undefined {
  const { timestampsMs, values, histograms } = columns;
  const rows = emptyRollup();
  let row = -1;
  let previous = Number.NaN;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (histograms?.[i] || (Number.isNaN(value) && isStaleAt(values, i))) continue;
    const offset = timestampsMs[i]! - startMs;
    const bucket = Math.min(BUCKETS - 1, Math.floor(offset / BUCKET_MS));
    if (row < 0 || rows.bucket[row] !== bucket) {
      row++;
      beginBucket(rows, bucket, { offset, value });
    } else {
      rows.count[row]!++;
      rows.sum[row]! += value;
      rows.min[row] = smaller(rows.min[row]!, value);
      rows.max[row] = -smaller(-rows.max[row]!, -value);
      rows.last[row] = value;
      rows.lastOffset[row] = offset;
      rows.increase[row]! += isCounter && value < previous ? value : value - previous;
    }
    previous = value;
  }
  return row < 0 ? undefined : rows;
}

type MutableRollup = { [K in keyof Rollup]: number[] };

function emptyRollup(): MutableRollup {
  return {
    ...{ bucket: [], count: [], sum: [], min: [], max: [], first: [], last: [] },
    ...{ firstOffset: [], lastOffset: [], increase: [] },
  };
}

function beginBucket(
  rows: MutableRollup,
  bucket: number,
  { offset, value }: { readonly offset: number; readonly value: number },
): void {
  rows.bucket.push(bucket);
  rows.count.push(1);
  for (const column of [rows.sum, rows.min, rows.max, rows.first, rows.last]) column.push(value);
  rows.firstOffset.push(offset);
  rows.lastOffset.push(offset);
  rows.increase.push(0);
}

/** A NaN gives way to any number. */
function smaller(a: number, b: number): number {
  return b < a || Number.isNaN(a) ? b : a;
}

/** Names that Prometheus gives to counters and to the counters of histograms and summaries. */
const COUNTER_NAME = /_(?:total|count|sum|bucket)$/;

/** Whether a metric counts, as far as its name tells. */
export function isCounterName(metric: string): boolean {
  return COUNTER_NAME.test(metric);
}
