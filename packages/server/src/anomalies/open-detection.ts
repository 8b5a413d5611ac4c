import type { QueryEngine } from "@avx/promql";
import type { MetricStore, Store } from "@avx/store";
import type { ServerConfig } from "../config.ts";
import type { Log } from "../self/log.ts";
import type { SelfMetrics } from "../self/self-metrics.ts";
import { type AnomalyDesk, createAnomalyDesk } from "./anomaly-desk.ts";
import { type AnomalyJournal, createAnomalyJournal, type HeldJournal } from "./anomaly-journal.ts";
import { startDetectionLoop } from "./detection-loop.ts";
import { openDetectionMemory } from "./detection-memory.ts";
import { createDetectionTap } from "./detection-tap.ts";
import { createFindingPolicy } from "./finding-policy.ts";
import { createLiveDetection, type PastSamples, type WarmUpRequest } from "./live-detection.ts";
import { createThreadRoom } from "./thread-room.ts";
import { replayHistory } from "./warm-start.ts";
import { WatchRegistry } from "./watch-registry.ts";
import { replayWatched, type WatchedHistoryPorts } from "./watched-history.ts";

/** What detection is made of and works with. */
export interface DetectionSetting {
  readonly config: Pick<ServerConfig, "detect" | "findingsPerDay" | "store" | "dataDir">;
  readonly store: Store;
  readonly engine: QueryEngine;
  readonly self: SelfMetrics;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Detection as the rest of the server sees it. */
export interface RunningDetection {
  readonly journal: AnomalyJournal;
  readonly desk: AnomalyDesk;
  /** Ingest appends here: the store's append, overheard. */
  readonly append: MetricStore["append"];
  /** The usual distance of a service's samples; undefined before it is known. */
  readonly cadenceMs: (service: string) => number | undefined;
  /** Ends the run under way and keeps what was learned. */
  stop(): Promise<void>;
}

/** Starts detection on everything that is appended from now on. */
export async function openDetection(setting: DetectionSetting): Promise<RunningDetection> {
  const { config, store, engine, self, nowMs, log } = setting;
  const append: MetricStore["append"] = (batch) => store.metrics.append(batch);
  const journal = createAnomalyJournal();
  const held: HeldJournal = createAnomalyJournal();
  const policy = createFindingPolicy(config.findingsPerDay);
  const registry = new WatchRegistry(policy.thresholdOf);
  const tap = createDetectionTap({ append, selectors: config.detect, registry });
  const warmUp = async (request: WarmUpRequest): Promise<void> => {
    const { service } = request;
    try {
      const samples = await replayHistory(engine, request);
      log("info", "detectors learned from history", { service, samples });
    } catch (error) {
      log("warn", "detectors start without history", { service, reason: String(error) });
    }
  };
  const detection = createLiveDetection({
    ...{ engine, append, tap, registry, journal, held, policy, self, warmUp },
    openRoom: createThreadRoom,
  });
  self.observeDetection({ watches: () => detection.watches, dropped: () => tap.dropped });
  const dataDir = config.store === "memory" ? undefined : config.dataDir;
  const { events } = store;
  const memory = await openDetectionMemory({
    ...{ events, journal, held, policy, detection, dataDir, nowMs, log },
  });
  if (config.detect.length > 0) {
    detection.learnFirst(async () => {
      const learn = (past: readonly PastSamples[]) => detection.learn(past);
      const ports = { reader: store.metrics, selectors: config.detect, registry, learn };
      await learnWatched(ports, nowMs(), log);
    });
  }
  const loop = startDetectionLoop({ tap, detection, nowMs, log });
  return {
    journal,
    desk: createAnomalyDesk({ events, journal, held, policy, nowMs }),
    append: tap.append,
    cadenceMs: tap.cadenceMs,
    async stop() {
      await loop.stop();
      await memory.stop();
      await detection.close();
    },
  };
}

async function learnWatched(ports: WatchedHistoryPorts, nowMs: number, log: Log): Promise<void> {
  try {
    const { samples, skipped } = await replayWatched(ports, nowMs);
    log("info", "detectors of watched series learned from history", { samples });
    if (skipped > 0) log("warn", "too much history of watched series to learn", { skipped });
  } catch (error) {
    log("warn", "watched series start without history", { reason: String(error) });
  }
}
