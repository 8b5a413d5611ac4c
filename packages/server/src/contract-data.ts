/** The part of the JSON contract about what is sent and how good it is; read it by `contract.ts`. */

/** What one metric or service contributes. Bytes are what a day of it takes on disk. */
export interface DataShare {
  readonly name: string;
  readonly series: number;
  /** Samples of the assessed window. */
  readonly samples: number;
  readonly bytesPerDay: number;
}

/** A service and what was refused of it since the server started. "" has all without a service. */
export interface ServiceShare extends DataShare {
  /** Samples of new series beyond the limit. */
  readonly refused: number;
  /** Samples that replaced one of the same time, as a repeat of a sender does. */
  readonly duplicates: number;
  /** Samples that came after a newer one of their series. */
  readonly late: number;
}

/** A label and how many values it brings. */
export interface LabelShare {
  readonly name: string;
  readonly values: number;
  /** Series that have it. */
  readonly series: number;
}

/** What is wrong with the data that arrives. */
export type DataFindingKind =
  | "gap"
  | "reset"
  | "duplicate"
  | "late"
  | "clock_ahead"
  | "clock_behind"
  | "type_change"
  | "unit_change"
  | "not_finite"
  | "dead_series"
  | "refused_series";

/** One thing wrong with one metric of one service. */
export interface DataFinding {
  readonly kind: DataFindingKind;
  readonly service: string;
  /** "" where all of a service is meant. */
  readonly metric: string;
  /** Series that show it. */
  readonly series: number;
  /** Samples, gaps or resets; for a clock the offset in ms. */
  readonly amount: number;
  /** The labels of one of the series, as a selector; "" where all of a service is meant. */
  readonly example: string;
}

/** The data of one service over the window; each share from 0 to 1, as for a golden signal. */
export interface ServiceData {
  readonly service: string;
  readonly series: number;
  readonly accuracy: number;
  readonly completeness: number;
  readonly consistency: number;
  readonly validity: number;
  readonly overall: number;
  readonly meetsStandard: boolean;
}

/** `GET /api/avx/data`: made when asked, at most twice a minute. */
export interface DataAnswer {
  readonly nowMs: number;
  /** What was assessed. */
  readonly windowMs: number;
  readonly series: number;
  readonly seriesLimit: number;
  readonly serviceSeriesLimit: number;
  /** Largest first, at most 50 each. */
  readonly metrics: readonly DataShare[];
  readonly services: readonly ServiceShare[];
  readonly labels: readonly LabelShare[];
  /** Worst first. */
  readonly quality: readonly ServiceData[];
  /** Most series first, at most 200. */
  readonly findings: readonly DataFinding[];
}
