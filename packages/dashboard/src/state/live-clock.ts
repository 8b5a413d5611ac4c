import { useEffect, useState } from "preact/hooks";

/** How often a live page asks again. */
export const LIVE_INTERVAL_MS = 5_000;

/** The moment the page speaks of, and how often it was refreshed by hand. */
export interface LiveClock {
  readonly nowMs: number;
  readonly refreshes: number;
  refresh(): void;
}

/**
 * "Now" as the pages use it: steps every `LIVE_INTERVAL_MS` while `running` and while the tab is
 * visible, and at once when the tab comes back.
 */
export function useLiveClock(running: boolean): LiveClock {
  const [nowMs, setNowMs] = useState(() => Date.now());
  const [refreshes, setRefreshes] = useState(0);
  useEffect(() => {
    if (!running) return;
    const tick = (): void => {
      if (document.visibilityState === "visible") setNowMs(Date.now());
    };
    const timer = setInterval(tick, LIVE_INTERVAL_MS);
    document.addEventListener("visibilitychange", tick);
    tick();
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [running]);
  const refresh = (): void => {
    setNowMs(Date.now());
    setRefreshes((count) => count + 1);
  };
  return { nowMs, refreshes, refresh };
}
