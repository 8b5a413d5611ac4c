import { AvxError } from "@avx/model";

/** How long evaluation may keep the event loop to itself before it lets others run. */
const TURN_MS = 10;

/** What pacing needs from outside; the engine itself has no clock. */
export interface PacingPorts {
  /** A clock in milliseconds. Without one there are neither pauses nor timeouts. */
  readonly nowMs?: () => number;
  /** Resolves after other work had its turn (a macrotask). */
  readonly pause?: () => Promise<void>;
}

/** When a query must stop. */
export interface QueryDeadline {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Watches over one query. */
export interface Pacing {
  /**
   * To be called between pieces of work. Throws AvxError `query_canceled` or `query_timeout`; gives
   * a promise to wait for when the query has run long enough at a stretch.
   */
  breathe(): Promise<void> | undefined;
  /** Milliseconds since the query began; 0 without a clock. */
  elapsedMs(): number;
}

/** Starts the clock of one query. */
export function createPacing({ nowMs, pause }: PacingPorts, deadline: QueryDeadline): Pacing {
  const { signal, timeoutMs } = deadline;
  const beganMs = nowMs?.() ?? 0;
  let turnMs = beganMs;

  function assertMayRun(timeMs: number): void {
    if (signal?.aborted) throw new AvxError("query_canceled", {}, { cause: signal.reason });
    if (timeoutMs !== undefined && timeMs - beganMs > timeoutMs) {
      throw new AvxError("query_timeout", { timeoutMs });
    }
  }

  async function rest(): Promise<void> {
    await pause?.();
    turnMs = nowMs?.() ?? 0;
    assertMayRun(turnMs);
  }

  return {
    breathe() {
      const timeMs = nowMs?.() ?? 0;
      assertMayRun(timeMs);
      return pause && timeMs - turnMs > TURN_MS ? rest() : undefined;
    },
    elapsedMs: () => (nowMs?.() ?? 0) - beganMs,
  };
}
