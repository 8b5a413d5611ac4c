/** Bounds of the memory store. Beyond one, the oldest entries go or new series are rejected. */
export interface MemoryLimits {
  readonly maxSeries: number;
  /** The same of one service (`service_name`, else `job`), so that it cannot take the room of all. */
  readonly maxServiceSeries: number;
  readonly maxSamples: number;
  readonly maxSpans: number;
  readonly maxLogRecords: number;
  readonly maxDocuments: number;
  readonly maxEvents: number;
  readonly maxExemplars: number;
}

/** Sized so that a full store stays below about 1 GiB. */
export const DEFAULT_MEMORY_LIMITS: MemoryLimits = {
  maxSeries: 100_000,
  maxServiceSeries: 80_000,
  // 12 bytes each.
  maxSamples: 30_000_000,
  // About 1 KiB each.
  maxSpans: 200_000,
  maxLogRecords: 200_000,
  maxDocuments: 20_000,
  maxEvents: 20_000,
  maxExemplars: 50_000,
};
