import type { InstrumentDescriptor } from "./instrument-descriptor.ts";

/** How the measurements of an instrument are stored and shown; views change it. */
export interface MetricStream {
  readonly descriptor: InstrumentDescriptor;
  /** Attribute sets, the overflow series included. */
  readonly limit: number;
  /** Names of the attributes that are kept; all when undefined. */
  readonly keep: ReadonlySet<string> | undefined;
  /** Of explicit histograms: ascending, without +Inf. */
  readonly boundaries: readonly number[];
  /** Of exponential histograms. */
  readonly maxBuckets: number;
  readonly maxScale: number;
}
