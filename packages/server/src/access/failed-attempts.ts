/** Wrong keys that one address may try in a minute. */
const MAX_FAILURES = 20;
const WINDOW_MS = 60_000;
/** Addresses that are remembered; the one that failed first is forgotten first. */
const MAX_ADDRESSES = 10_000;

interface Window {
  readonly startMs: number;
  count: number;
}

/**
 * Counts wrong keys by address. An address with too many must wait, but for keys that it has used
 * well before: behind one proxy a sender with a revoked key must not stop the others.
 */
export class FailedAttempts {
  readonly #nowMs: () => number;
  readonly #windows = new Map<string, Window>();
  readonly #good = new Set<string>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Seconds that the address must wait; 0: none. */
  waitSeconds(address: string): number {
    const window = this.#windows.get(address);
    if (window === undefined || window.count < MAX_FAILURES) return 0;
    const leftMs = window.startMs + WINDOW_MS - this.#nowMs();
    return leftMs > 0 && leftMs <= WINDOW_MS ? Math.ceil(leftMs / 1000) : 0;
  }

  failed(address: string): void {
    const nowMs = this.#nowMs();
    const window = this.#windows.get(address);
    const isOld = window === undefined || Math.abs(nowMs - window.startMs) >= WINDOW_MS;
    if (!isOld) window.count++;
    else {
      this.#windows.delete(address);
      this.#windows.set(address, { startMs: nowMs, count: 1 });
      dropOldest(this.#windows);
    }
  }

  /** The address has shown a right key. */
  succeeded(address: string, keyId: string): void {
    const pair = `${address} ${keyId}`;
    if (this.#good.has(pair)) return;
    this.#good.add(pair);
    dropOldest(this.#good);
  }

  hasSucceeded(address: string, keyId: string): boolean {
    return this.#good.has(`${address} ${keyId}`);
  }
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  if (kept.size <= MAX_ADDRESSES) return;
  for (const first of kept.keys()) {
    kept.delete(first);
    return;
  }
}
