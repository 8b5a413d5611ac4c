import { rateWindowMs } from "./golden-signal-feed.ts";

/** A service that was silent for so many of its intervals has windows to fill again. */
const GAP_INTERVALS = 5;
/** Services beyond are not judged. */
const MAX_SERVICES = 10_000;
const EVEN_CADENCES_MS = [1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000];

/** Whether the windows of services are full, and their past is learned. */
export interface ServicePaces {
  /** Lets a service that is seen for the first time learn its past, one after another. */
  meet(service: string, learn: (() => Promise<void>) | undefined): void;
  /** After a start or a gap rates rise while their windows fill: that is no change of the service. */
  isSettling(service: string, cadenceMs: number, nowMs: number): boolean;
}

/** When a service was last heard, and from when on its windows are full. */
interface Pace {
  seenMs: number;
  settledMs: number;
  /** While its detectors learn the past, the present waits. */
  isLearning: boolean;
}

/** Knows no service yet. */
export function createServicePaces(): ServicePaces {
  const services = new Map<string, Pace>();
  let learning: Promise<void> = Promise.resolve();
  return {
    meet(service, learn) {
      if (services.has(service) || services.size >= MAX_SERVICES) return;
      const pace: Pace = { seenMs: 0, settledMs: 0, isLearning: learn !== undefined };
      services.set(service, pace);
      if (learn === undefined) return;
      learning = learning.then(learn).finally(() => {
        pace.isLearning = false;
      });
    },
    isSettling(service, cadenceMs, nowMs) {
      const pace = services.get(service);
      if (pace === undefined) return true; // Beyond the limit: not watched.
      if (nowMs - pace.seenMs > GAP_INTERVALS * cadenceMs) {
        pace.settledMs = nowMs + rateWindowMs(cadenceMs);
      }
      pace.seenMs = nowMs;
      return pace.isLearning || nowMs < pace.settledMs;
    },
  };
}

/** The least usual export interval that is not shorter: few groups, and windows that are long enough. */
export function evenCadenceMs(measuredMs: number): number {
  const even = EVEN_CADENCES_MS.find((cadenceMs) => cadenceMs >= 0.9 * measuredMs);
  return even ?? Math.ceil(measuredMs / 60_000) * 60_000;
}
