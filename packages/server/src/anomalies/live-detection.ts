import type { QueryEngine } from "@avx/promql";
import type { MetricStore } from "@avx/store";
import type { SelfMetrics } from "../self/self-metrics.ts";
import type { AnomalyJournal } from "./anomaly-journal.ts";
import type { DetectionTap, TappedSample } from "./detection-tap.ts";
import type { FindingPolicy } from "./finding-policy.ts";
import { rateWindowMs, readGoldenSignals, type SignalSample } from "./golden-signal-feed.ts";
import { type Evaluation, resultSeries } from "./result-series.ts";
import {
  ABSENT_AFTER_MS,
  createSeriesWatch,
  type SeriesWatch,
  type WatchAnswer,
  type WatchedSeries,
  type WatchState,
} from "./series-watch.ts";

/** One detector for each series; new ones beyond are not watched. 20 MB of state. */
export const MAX_WATCHES = 10_000;
/** A service that was silent for so many of its intervals has windows to fill again. */
const GAP_INTERVALS = 5;
/** Golden signals of a service are judged at most so often. */
const LEAST_CADENCE_MS = 900;

/** Where signals are read and findings go. */
export interface DetectionPorts {
  readonly engine: QueryEngine;
  /** Where scores and bands are appended: the store itself, not the tap. */
  readonly append: MetricStore["append"];
  readonly tap: DetectionTap;
  readonly journal: AnomalyJournal;
  readonly policy: FindingPolicy;
  readonly self: Pick<SelfMetrics, "anomalyFound" | "anomalyWithheld">;
  /**
   * Learns the past of a service that is seen for the first time, before it is judged; never
   * rejects. Absent: new services start without history.
   */
  readonly warmUp?: (request: WarmUpRequest) => Promise<void>;
}

/** Whose past is to be learned, at the distance of its samples, up to now. */
export interface WarmUpRequest {
  readonly service: string;
  readonly cadenceMs: number;
  readonly nowMs: number;
  readonly watchOf: WatchOf;
}

/** Finds or makes the watch of a series; undefined when there are too many. */
export type WatchOf = (series: WatchedSeries) => SeriesWatch | undefined;

/** Judges what passes the tap. */
export interface LiveDetection {
  /** Judges the watched samples that came; writes events, scores and bands. */
  judgeSamples(): Promise<void>;
  /** Judges the golden signals of the services of which samples came. */
  judgeServices(nowMs: number): Promise<void>;
  /** Opens events of signals whose samples stopped coming. */
  watchSilence(nowMs: number): void;
  save(): readonly WatchState[];
  restore(states: readonly WatchState[]): void;
  readonly watches: number;
}

/** When a service was last heard, and from when on its windows are full. */
interface ServicePace {
  seenMs: number;
  settledMs: number;
  /** While its detectors learn the past, the present waits. */
  isLearning: boolean;
}

/** A detection without history. */
export function createLiveDetection(ports: DetectionPorts): LiveDetection {
  return new Detection(ports);
}

class Detection implements LiveDetection {
  readonly #ports: DetectionPorts;
  readonly #watches = new Map<string, SeriesWatch>();
  readonly #services = new Map<string, ServicePace>();
  readonly #withheld = new Set<string>();
  #learning: Promise<void> = Promise.resolve();

  constructor(ports: DetectionPorts) {
    this.#ports = ports;
  }

  get watches(): number {
    return this.#watches.size;
  }

  async judgeSamples(): Promise<void> {
    const evaluations = this.#ports.tap.takeSamples().flatMap((sample) => this.#judge(sample));
    if (evaluations.length > 0) await this.#ports.append(resultSeries(evaluations));
  }

  async judgeServices(nowMs: number): Promise<void> {
    const { tap, engine } = this.#ports;
    const evaluations: Evaluation[] = [];
    for (const [cadenceMs, due] of this.#dueByCadence(tap.takeServices(), nowMs)) {
      for (const service of due) {
        this.#meet(service, cadenceMs, nowMs);
        if (this.#isSettling(service, cadenceMs, nowMs)) due.delete(service);
      }
      if (due.size === 0) continue;
      for (const sample of await readGoldenSignals(engine, { timeMs: nowMs, cadenceMs })) {
        if (due.has(sample.service)) evaluations.push(...this.#judge(signalSample(sample, nowMs)));
      }
    }
    if (evaluations.length > 0) await this.#ports.append(resultSeries(evaluations));
  }

  watchSilence(nowMs: number): void {
    for (const watch of this.#watches.values()) {
      const { signal, service } = watch.series;
      // One that was never heard in this run may be gone for good.
      const heardMs = signal === "traffic" ? this.#ports.tap.heardMs(service) : undefined;
      if (heardMs === undefined || nowMs - heardMs <= ABSENT_AFTER_MS) continue;
      this.#publish(watch.silence(nowMs));
    }
  }

  save(): readonly WatchState[] {
    return [...this.#watches.values()].map((watch) => watch.save());
  }

  restore(states: readonly WatchState[]): void {
    for (const state of states) {
      this.#watchOf(state.series)?.restore(state);
    }
  }

  /** Services with new samples, by the distance of their samples: it sets the window of queries. */
  #dueByCadence(services: ReadonlySet<string>, nowMs: number): ReadonlyMap<number, Set<string>> {
    const byCadence = new Map<number, Set<string>>();
    for (const service of services) {
      const measuredMs = this.#ports.tap.cadenceMs(service);
      if (measuredMs === undefined || !this.#isDue(service, nowMs)) continue;
      const cadenceMs = evenCadenceMs(measuredMs);
      byCadence.set(cadenceMs, (byCadence.get(cadenceMs) ?? new Set()).add(service));
    }
    return byCadence;
  }

  #isDue(service: string, nowMs: number): boolean {
    const watch = this.#watches.get(goldenKey("traffic", service));
    return watch === undefined || nowMs - watch.lastMs >= LEAST_CADENCE_MS;
  }

  /** Lets a service that is seen for the first time learn its past, one after another. */
  #meet(service: string, cadenceMs: number, nowMs: number): void {
    if (this.#services.has(service) || this.#services.size >= MAX_WATCHES) return;
    const { warmUp } = this.#ports;
    const pace: ServicePace = { seenMs: 0, settledMs: 0, isLearning: warmUp !== undefined };
    this.#services.set(service, pace);
    if (warmUp === undefined) return;
    this.#learning = this.#learning
      .then(() => warmUp({ service, cadenceMs, nowMs, watchOf: this.#watchOf }))
      .finally(() => {
        pace.isLearning = false;
      });
  }

  /** After a start or a gap rates rise while their windows fill: that is no change of the service. */
  #isSettling(service: string, cadenceMs: number, nowMs: number): boolean {
    const pace = this.#services.get(service);
    if (pace === undefined) return true; // Beyond the limit: not watched.
    if (nowMs - pace.seenMs > GAP_INTERVALS * cadenceMs) {
      pace.settledMs = nowMs + rateWindowMs(cadenceMs);
    }
    pace.seenMs = nowMs;
    return pace.isLearning || nowMs < pace.settledMs;
  }

  readonly #watchOf: WatchOf = (series) => {
    const existing = this.#watches.get(series.key);
    if (existing !== undefined || this.#watches.size >= MAX_WATCHES) return existing;
    const created = createSeriesWatch(series);
    this.#watches.set(series.key, created);
    return created;
  };

  #judge({ series, ...sample }: TappedSample): Evaluation[] {
    const watch = this.#watchOf(series);
    if (watch === undefined) return [];
    const answer = watch.push(sample, this.#ports.policy.thresholdOf(series.key));
    this.#publish(answer);
    return [{ series, timestampMs: sample.timestampMs, verdict: answer.verdict }];
  }

  #publish({ event, change }: WatchAnswer): void {
    if (event === undefined || change === "none") return;
    const { journal, policy, self } = this.#ports;
    if (change === "opened") {
      const outcome = policy.admit(event);
      if (outcome === "shown") self.anomalyFound(event.signal);
      else {
        self.anomalyWithheld(outcome);
        this.#withheld.add(event.id);
      }
    }
    if (!this.#withheld.has(event.id)) journal.put(event);
    else if (change === "closed") this.#withheld.delete(event.id);
  }
}

const EVEN_CADENCES_MS = [1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000];

/** The least usual export interval that is not shorter: few groups, and windows that are long enough. */
function evenCadenceMs(measuredMs: number): number {
  const even = EVEN_CADENCES_MS.find((cadenceMs) => cadenceMs >= 0.9 * measuredMs);
  return even ?? Math.ceil(measuredMs / 60_000) * 60_000;
}

/** Names the watch of a golden signal. */
export function goldenKey(signal: string, service: string): string {
  return `${signal} ${service}`;
}

/** A golden signal as a series to watch. */
export function goldenSeries({
  service,
  signal,
  unit,
}: Pick<SignalSample, "service" | "signal" | "unit">): WatchedSeries {
  return { key: goldenKey(signal, service), service, signal, metric: "", unit, kind: "gauge" };
}

function signalSample(sample: SignalSample, timestampMs: number): TappedSample {
  const { value, requests } = sample;
  return { series: goldenSeries(sample), timestampMs, value, requests };
}
