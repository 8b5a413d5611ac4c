import type { QueryEngine } from "@avx/promql";
import type { MetricStore, Store } from "@avx/store";
import type { ServerConfig } from "../config.ts";
import type { Log } from "../self/log.ts";
import type { SelfMetrics } from "../self/self-metrics.ts";
import { type AnomalyJournal, createAnomalyJournal } from "./anomaly-journal.ts";
import { startDetectionLoop } from "./detection-loop.ts";
import { createDetectionTap } from "./detection-tap.ts";
import { createFindingPolicy, type FindingPolicy } from "./finding-policy.ts";
import { createLiveDetection } from "./live-detection.ts";

/** What detection is made of and works with. */
export interface DetectionSetting {
  readonly config: Pick<ServerConfig, "detect" | "findingsPerDay">;
  readonly store: Store;
  readonly engine: QueryEngine;
  readonly self: SelfMetrics;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Detection as the rest of the server sees it. */
export interface RunningDetection {
  readonly journal: AnomalyJournal;
  readonly policy: FindingPolicy;
  /** Ingest appends here: the store's append, overheard. */
  readonly append: MetricStore["append"];
  /** Ends the run under way and keeps what was learned. */
  stop(): Promise<void>;
}

/** Starts detection on everything that is appended from now on. */
export async function openDetection(setting: DetectionSetting): Promise<RunningDetection> {
  const { config, store, engine, self, nowMs, log } = setting;
  const append: MetricStore["append"] = (batch) => store.metrics.append(batch);
  const tap = createDetectionTap({ append, selectors: config.detect });
  const journal = createAnomalyJournal();
  const policy = createFindingPolicy(config.findingsPerDay);
  const detection = createLiveDetection({ engine, append, tap, journal, policy, self });
  self.observeDetection({ watches: () => detection.watches, dropped: () => tap.dropped });
  const loop = startDetectionLoop({ tap, detection, nowMs, log });
  return { journal, policy, append: tap.append, stop: () => loop.stop() };
}
