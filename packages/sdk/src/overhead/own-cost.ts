import type { OwnMemory } from "./own-memory.ts";
import { SampledCost } from "./sampled-cost.ts";

/** How long is looked at before more or less is shed. */
const WINDOW_MS = 5000;
/** Sampling is halved so many times, to a sixteenth; one step later attributes go. */
export const SAMPLING_STEPS = 4;
const MAX_LEVEL = SAMPLING_STEPS + 1;

/** What the SDK may use, and how it tells. */
export interface OwnCostOptions {
  /** Share of one core, 0..1; Infinity sheds nothing. */
  readonly budget: number;
  readonly memory: OwnMemory;
  /** A monotonic clock. */
  readonly nowMs: () => number;
  /** Told when shedding begins and when it has ended. */
  readonly report: (message: string) => void;
}

/**
 * Measures what the SDK itself costs: its part of every request (estimated), and encoding for
 * export (all of it). Over the budget it sheds load a step every window, and takes a step back
 * below half of it.
 */
export class OwnCost {
  readonly arrivals: SampledCost;
  readonly ends: SampledCost;
  readonly #options: OwnCostOptions;
  #windowStartMs: number;
  #exportMs = 0;
  #level = 0;
  #utilization = 0;
  #requestMs = 0;

  constructor(options: OwnCostOptions) {
    this.#options = options;
    this.#windowStartMs = options.nowMs();
    this.arrivals = new SampledCost(options.nowMs);
    this.ends = new SampledCost(options.nowMs);
  }

  /** 0 sheds nothing; 1 to 4 halve sampling so many times; 5 also leaves attributes out. */
  get level(): number {
    return this.#level;
  }

  /** Share of one core in the last whole window. */
  get utilization(): number {
    return this.#utilization;
  }

  /** Milliseconds a request in the last window that had any. */
  get requestMs(): number {
    return this.#requestMs;
  }

  /** Runs `work` of the export and counts its time. */
  exporting<T>(work: () => T): T {
    const startMs = this.#options.nowMs();
    try {
      return work();
    } finally {
      this.#exportMs += this.#options.nowMs() - startMs;
      this.look();
    }
  }

  /** Ends the window when it is over. */
  look(): void {
    const now = this.#options.nowMs();
    const windowMs = now - this.#windowStartMs;
    if (windowMs < WINDOW_MS) return;
    const { arrivals, ends } = this;
    if (arrivals.count > 0) this.#requestMs = arrivals.meanMs + ends.meanMs;
    const requestsMs = arrivals.count * arrivals.meanMs + ends.count * ends.meanMs;
    this.#utilization = (requestsMs + this.#exportMs) / windowMs;
    this.#windowStartMs = now;
    this.#exportMs = 0;
    arrivals.reset();
    ends.reset();
    this.#adjust();
  }

  #adjust(): void {
    const { budget, memory, report } = this.#options;
    const before = this.#level;
    const isOver = this.#utilization > budget || memory.isOver;
    if (isOver) this.#level = Math.min(MAX_LEVEL, before + 1);
    else if (this.#utilization < budget / 2) this.#level = Math.max(0, before - 1);
    if (before === 0 && this.#level > 0) {
      const percent = (this.#utilization * 100).toFixed(1);
      const megabytes = (memory.waitingBytes / 1e6).toFixed(1);
      const taken = memory.isOver ? `${megabytes} MB for what waits` : `${percent} % of a core`;
      report(`telemetry takes ${taken}, over its budget: fewer traces are sampled`);
    } else if (before > 0 && this.#level === 0) report("telemetry is within its budget again");
    // Sampling less holds back what comes; what is there already would stay while a collector hangs.
    if (memory.isOver) memory.trim();
  }
}
