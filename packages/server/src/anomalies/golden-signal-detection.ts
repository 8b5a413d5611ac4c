import type { QueryEngine } from "@avx/promql";
import type { SelfMetrics } from "../self/self-metrics.ts";
import type { AnomalyJournal } from "./anomaly-journal.ts";
import { readGoldenSignals, type SignalSample } from "./golden-signal-feed.ts";
import { createSignalDetector, type SignalDetector } from "./signal-detector.ts";

/** One detector each for four signals of many services; new ones beyond are not watched. */
const MAX_DETECTORS = 10_000;

/** Where signals are read and findings go. */
export interface DetectionPorts {
  readonly engine: QueryEngine;
  readonly journal: AnomalyJournal;
  readonly self: Pick<SelfMetrics, "anomalyFound">;
}

/** Watches the golden signals of all services. */
export interface GoldenSignalDetection {
  /** Reads the signals at `timeMs`, judges each by its own history and journals what is unusual. */
  run(timeMs: number): Promise<void>;
}

/** Detectors are made as services appear; each learns only from its own signal. */
export function createGoldenSignalDetection(ports: DetectionPorts): GoldenSignalDetection {
  const detectors = new Map<string, SignalDetector>();

  const detectorOf = (sample: SignalSample): SignalDetector | undefined => {
    const key = `${sample.signal} ${sample.service}`;
    const existing = detectors.get(key);
    if (existing !== undefined || detectors.size >= MAX_DETECTORS) return existing;
    const created = createSignalDetector();
    detectors.set(key, created);
    return created;
  };

  return {
    async run(timeMs) {
      for (const sample of await readGoldenSignals(ports.engine, timeMs)) {
        const finding = detectorOf(sample)?.push(timeMs, sample.value);
        if (finding === undefined) continue;
        const { service, signal, unit, value } = sample;
        const id = `${service}-${signal}-${timeMs}`;
        ports.self.anomalyFound(signal);
        ports.journal.add({ id, service, signal, unit, value, timestampMs: timeMs, ...finding });
      }
    },
  };
}
