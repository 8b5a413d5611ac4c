/** One of so many is timed: two clock reads are 80 ns, a thirtieth of what they would measure. */
const SAMPLE_EVERY = 32;
/**
 * A part that seems to take longer was interrupted, by the collector or by another process: scaled
 * up it would stand for hundreds of requests.
 */
const MAX_PART_MS = 0.1;

/** Estimates how long a part of every request takes, by timing some. */
export class SampledCost {
  readonly #nowMs: () => number;
  #count = 0;
  #samples = 0;
  #sampledMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** To be called when the part begins. NaN when this one is not timed. */
  begin(): number {
    return this.#count++ % SAMPLE_EVERY === 0 ? this.#nowMs() : Number.NaN;
  }

  /** To be called with what `begin` gave, when the part has ended. */
  end(startMs: number): void {
    if (Number.isNaN(startMs)) return;
    this.#samples++;
    this.#sampledMs += Math.min(this.#nowMs() - startMs, MAX_PART_MS);
  }

  /** Times that the part ran since `reset`. */
  get count(): number {
    return this.#count;
  }

  /** Mean duration; 0 before the first. */
  get meanMs(): number {
    return this.#samples === 0 ? 0 : this.#sampledMs / this.#samples;
  }

  /** Begins to count anew. */
  reset(): void {
    this.#count = 0;
    this.#samples = 0;
    this.#sampledMs = 0;
  }
}
