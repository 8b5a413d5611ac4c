import { AvxError } from "@avx/model";

/** Samples that one query may hold in memory at a time, as Prometheus' `query.max-samples` counts. */
export interface SampleBudget {
  /** Samples held now. */
  readonly live: number;
  /** The most that was held at a time. */
  readonly peak: number;
  /** Takes `samples` more; throws AvxError `query_limit_exceeded` beyond the limit. */
  claim(samples: number): void;
  /** Sets what is held after a node is done: its result, without what it needed on the way. */
  settle(live: number): void;
}

/** A budget of which nothing is used yet. */
export function createSampleBudget(limit: number): SampleBudget {
  let live = 0;
  let peak = 0;
  return {
    get live() {
      return live;
    },
    get peak() {
      return peak;
    },
    claim(samples) {
      live += samples;
      if (live > peak) peak = live;
      if (live > limit) {
        throw new AvxError("query_limit_exceeded", { what: "samples", needed: live, limit });
      }
    },
    settle(samples) {
      live = samples;
    },
  };
}
