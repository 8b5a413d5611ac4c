/** How often expired entries are looked for: retention is counted in days, so this is soon enough. */
const CHECK_EVERY_MS = 60_000;

/** How long entries are kept. */
export interface ExpiryOptions {
  readonly retentionMs: number | "off";
  readonly nowMs: () => number;
}

/** Says when it is time to drop what is older than the retention. */
export class Expiry {
  private readonly options: ExpiryOptions;
  private lastCheckMs = -Infinity;

  constructor(options: ExpiryOptions) {
    this.options = options;
  }

  /** Once a minute calls `drop` with the time before which everything has expired. */
  whenDue(drop: (beforeMs: number) => void): void {
    const { retentionMs, nowMs } = this.options;
    const timeMs = nowMs();
    if (retentionMs === "off" || timeMs - this.lastCheckMs < CHECK_EVERY_MS) return;
    this.lastCheckMs = timeMs;
    drop(timeMs - retentionMs);
  }
}
