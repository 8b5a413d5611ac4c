import { AvxError } from "@avx/model";

/** How long evaluation may keep the event loop to itself before it lets others run. */
const TURN_MS = 10;

/** What pacing needs from outside; the engine itself has no clock. */
export interface PacingPorts {
  /** A clock in milliseconds. Without one there are neither pauses nor timeouts. */
  readonly nowMs?: () => number;
  /** Resolves after other work had its turn (a macrotask). */
  readonly pause?: () => Promise<void>;
  /** A signal that is aborted after a time, so that reading stops too when the time is up. */
  readonly timeoutSignal?: (timeoutMs: number) => AbortSignal;
}

/** When a query must stop. */
export interface QueryDeadline {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

/** Watches over one query. */
export interface Pacing {
  /** Aborted when the query is to stop, for whatever it waits for. */
  readonly signal: AbortSignal;
  /**
   * To be called between pieces of work. Throws AvxError `query_canceled` or `query_timeout`; gives
   * a promise to wait for when the query has run long enough at a stretch.
   */
  breathe(): Promise<void> | undefined;
  /** Throws the reason to stop, if there is one. */
  assertMayRun(): void;
  /** Milliseconds since the query began; 0 without a clock. */
  elapsedMs(): number;
}

/** Starts the clock of a query, where there is one. */
export function createPacing(ports: PacingPorts, { signal, timeoutMs }: QueryDeadline): Pacing {
  const { nowMs = () => 0, pause } = ports;
  const beganMs = nowMs();
  let turnMs = beganMs;
  const timeUp = timeoutMs === undefined ? undefined : ports.timeoutSignal?.(timeoutMs);
  const either = AbortSignal.any([signal, timeUp].filter((one) => one !== undefined));

  function assertAt(timeMs: number): void {
    if (signal?.aborted) throw new AvxError("query_canceled", {}, { cause: signal.reason });
    if (timeoutMs === undefined) return;
    if (timeUp?.aborted || timeMs - beganMs > timeoutMs) {
      throw new AvxError("query_timeout", { timeoutMs });
    }
  }

  async function rest(): Promise<void> {
    await pause?.();
    turnMs = nowMs();
    assertAt(turnMs);
  }

  return {
    signal: either,
    breathe() {
      const timeMs = nowMs();
      assertAt(timeMs);
      return pause && timeMs - turnMs > TURN_MS ? rest() : undefined;
    },
    assertMayRun: () => assertAt(nowMs()),
    elapsedMs: () => nowMs() - beganMs,
  };
}
