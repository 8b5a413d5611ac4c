import type { ColumnWriter } from "../evaluator/value.ts";

/** What sets `rate`, `increase` and `delta` apart. */
export interface RateKind {
  readonly isCounter: boolean;
  /** Per second instead of per window. */
  readonly perSecond: boolean;
}

/** Where a rate goes and of which kind it is. */
export interface RateTarget {
  readonly column: ColumnWriter;
  readonly kind: RateKind;
}
