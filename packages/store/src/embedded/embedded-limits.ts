/** Bounds of the embedded store. */
export interface EmbeddedLimits {
  /** Series known at once; beyond, samples of new ones are rejected while known ones flow on. */
  readonly maxSeries: number;
  /** The same of one service (`service_name`, else `job`), so that it cannot take the room of all. */
  readonly maxServiceSeries: number;
  /** Samples in memory from which the oldest blocks move to the engine before they are due. */
  readonly softHeadSamples: number;
  /** Samples in memory from which appends are refused with `overloaded`. */
  readonly hardHeadSamples: number;
  /** Their bytes from which the oldest blocks move: samples that hardly compress take 9 and more each. */
  readonly softHeadBytes: number;
  /** Their bytes from which appends are refused. */
  readonly hardHeadBytes: number;
  /** Bytes of the log from which all blocks move to the engine: a start replays the log. */
  readonly softLogBytes: number;
  readonly maxExemplars: number;
  /** Spans, log records or documents not yet in the engine from which appends are refused. */
  readonly maxPendingEvents: number;
  /** Memory of spans, and of log records, not yet in the engine from which appends are refused. */
  readonly maxPendingEventBytes: number;
}

/** For a process of 1 GiB; a sample takes 2 to 3 bytes in memory where it is regular, 9 to 13 where it is not. */
export const DEFAULT_EMBEDDED_LIMITS: EmbeddedLimits = {
  maxSeries: 500_000,
  maxServiceSeries: 200_000,
  softHeadSamples: 24_000_000,
  hardHeadSamples: 48_000_000,
  softHeadBytes: 128 * 1024 * 1024,
  hardHeadBytes: 256 * 1024 * 1024,
  softLogBytes: 1024 * 1024 * 1024,
  maxExemplars: 50_000,
  maxPendingEvents: 400_000,
  maxPendingEventBytes: 160 * 1024 * 1024,
};
