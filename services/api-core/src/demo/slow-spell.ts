/** A time in which every core request takes longer, to show what the product makes of it. */
export class SlowSpell {
  readonly #nowMs: () => number;
  #extraMs = 0;
  #untilMs = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Replaces any spell under way. Gives its end, Unix time in milliseconds. */
  begin(extraMs: number, durationMs: number): number {
    this.#extraMs = extraMs;
    this.#untilMs = this.#nowMs() + durationMs;
    return this.#untilMs;
  }

  /** What a request takes longer now; 0 outside of a spell. */
  get extraMs(): number {
    return this.#nowMs() < this.#untilMs ? this.#extraMs : 0;
  }

  /** End of the spell under way, undefined outside of one. */
  get untilMs(): number | undefined {
    return this.extraMs > 0 ? this.#untilMs : undefined;
  }
}
