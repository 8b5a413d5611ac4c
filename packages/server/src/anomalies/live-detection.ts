import type { QueryEngine } from "@avx/promql";
import type { MetricStore } from "@avx/store";
import type { SelfMetrics } from "../self/self-metrics.ts";
import type { AnomalyJournal, HeldJournal } from "./anomaly-journal.ts";
import type { DetectionTap } from "./detection-tap.ts";
import type { FindingPolicy } from "./finding-policy.ts";
import { readGoldenSignals, type SignalSample } from "./golden-signal-feed.ts";
import { resultSeries } from "./result-series.ts";
import type { Hold } from "./series-trust.ts";
import { ABSENT_AFTER_MS, type WatchedSeries } from "./series-watch.ts";
import { createServicePaces, evenCadenceMs } from "./service-paces.ts";
import type { RestoredRoom, SampleColumns, WatchChange, WatchRoom } from "./watch-messages.ts";
import { MAX_WATCHES, type WatchRegistry } from "./watch-registry.ts";

/** Golden signals of a service are judged at most so often. */
const LEAST_CADENCE_MS = 900;

/** Where signals are read and findings go. */
export interface DetectionPorts {
  readonly engine: QueryEngine;
  /** Where scores and bands are appended: the store itself, not the tap. */
  readonly append: MetricStore["append"];
  readonly tap: DetectionTap;
  readonly registry: WatchRegistry;
  /** Opens the room of the watches; called again when a room has failed. */
  readonly openRoom: () => WatchRoom;
  readonly journal: AnomalyJournal;
  /** Where findings in series of bad quality go. */
  readonly held: HeldJournal;
  readonly policy: FindingPolicy;
  readonly self: Pick<SelfMetrics, "anomalyFound" | "anomalyWithheld">;
  /**
   * Learns the past of a service that is seen for the first time, before it is judged; never
   * rejects. Absent: new services start without history.
   */
  readonly warmUp?: (request: WarmUpRequest) => Promise<void>;
}

/** Past samples of one series, oldest first. */
export interface PastSamples {
  readonly series: WatchedSeries;
  readonly timestampsMs: Float64Array;
  readonly values: Float64Array;
}

/** Whose past is to be learned, at the distance of its samples, up to now. */
export interface WarmUpRequest {
  readonly service: string;
  readonly cadenceMs: number;
  readonly nowMs: number;
  /** Time of the newest sample of a series that is known; 0 when none is. */
  readonly lastMs: (series: WatchedSeries) => number;
  readonly learn: (past: readonly PastSamples[]) => Promise<void>;
}

/** Judges what passes the tap. */
export interface LiveDetection {
  /** Judges the watched samples that came; writes events, scores and bands. */
  judgeSamples(): Promise<void>;
  /** Judges the golden signals of the services of which samples came. */
  judgeServices(nowMs: number): Promise<void>;
  /** Opens events of signals whose samples stopped coming. */
  watchSilence(nowMs: number): Promise<void>;
  /** Teaches past samples; those that are older than what a watch knows are passed over. */
  learn(past: readonly PastSamples[]): Promise<void>;
  /** Samples that come wait until this work, which never rejects, is done. */
  learnFirst(work: () => Promise<void>): void;
  /** Writes what was learned to a file. */
  save(path: string, savedMs: number): Promise<void>;
  /** Reads what `save` wrote; called once, before anything is judged. */
  restore(path: string): Promise<RestoredRoom>;
  close(): Promise<void>;
  readonly watches: number;
}

/** A detection without history. */
export function createLiveDetection(ports: DetectionPorts): LiveDetection {
  return new Detection(ports);
}

class Detection implements LiveDetection {
  readonly #ports: DetectionPorts;
  readonly #paces = createServicePaces();
  readonly #withheld = new Set<string>();
  #room: WatchRoom;
  #last: Promise<void> = Promise.resolve();

  constructor(ports: DetectionPorts) {
    this.#ports = ports;
    this.#room = ports.openRoom();
    ports.policy.onThreshold = (key, threshold) => {
      const entry = ports.registry.of(key);
      if (entry !== undefined) this.#room.setThreshold(entry.id, threshold);
    };
  }

  get watches(): number {
    return this.#ports.registry.size;
  }

  /** One batch at a time: while one is judged, the next gathers in the tap's queue. */
  judgeSamples(): Promise<void> {
    this.#last = this.#last
      .catch(() => {}) // Told to who asked for that batch.
      .then(() => this.#judge(this.#ports.tap.takeSamples()));
    return this.#last;
  }

  async judgeServices(nowMs: number): Promise<void> {
    const { tap, engine } = this.#ports;
    const samples: SignalSample[] = [];
    for (const [cadenceMs, due] of this.#dueByCadence(tap.takeServices(), nowMs)) {
      for (const service of due) {
        this.#meet(service, cadenceMs, nowMs);
        if (this.#paces.isSettling(service, cadenceMs, nowMs)) due.delete(service);
      }
      if (due.size === 0) continue;
      const read = await readGoldenSignals(engine, { timeMs: nowMs, cadenceMs });
      samples.push(...read.filter(({ service }) => due.has(service)));
    }
    await this.#judge(this.#columnsOf(samples, nowMs));
  }

  async watchSilence(nowMs: number): Promise<void> {
    const { registry, tap } = this.#ports;
    const silent = registry.entries.filter(({ series: { signal, service } }) => {
      // One that was never heard in this run may be gone for good.
      const heardMs = signal === "traffic" ? tap.heardMs(service) : undefined;
      return heardMs !== undefined && nowMs - heardMs > ABSENT_AFTER_MS;
    });
    if (silent.length === 0) return;
    const ids = silent.map(({ id }) => id);
    for (const change of await this.#room.silence(ids, nowMs)) this.#publish(change);
  }

  async learn(past: readonly PastSamples[]): Promise<void> {
    const { registry } = this.#ports;
    const known = past.flatMap((samples) => {
      const entry = registry.watch(samples.series);
      return entry === undefined ? [] : [{ ...samples, entry }];
    });
    const length = known.reduce((sum, { values }) => sum + values.length, 0);
    const ids = new Uint32Array(length);
    const timestampsMs = new Float64Array(length);
    const values = new Float64Array(length);
    let at = 0;
    for (const { entry, ...samples } of known) {
      const end = at + samples.values.length;
      ids.fill(entry.id, at, end);
      timestampsMs.set(samples.timestampsMs, at);
      values.set(samples.values, at);
      entry.lastMs = Math.max(entry.lastMs, samples.timestampsMs.at(-1) ?? 0);
      at = end;
    }
    if (length > 0) await this.#room.learn(registry.takeAdded(), { ids, timestampsMs, values });
  }

  learnFirst(work: () => Promise<void>): void {
    this.#last = this.#last.then(work);
  }

  save(path: string, savedMs: number): Promise<void> {
    return this.#room.save(path, savedMs);
  }

  async restore(path: string): Promise<RestoredRoom> {
    const restored = await this.#room.restore(path, MAX_WATCHES);
    const { registry, policy } = this.#ports;
    registry.restored(restored.watches);
    for (const { id, series } of restored.watches) {
      if (policy.isTuned(series.key)) this.#room.setThreshold(id, policy.thresholdOf(series.key));
    }
    return restored;
  }

  close(): Promise<void> {
    return this.#room.close();
  }

  async #judge(samples: SampleColumns): Promise<void> {
    const { registry, append } = this.#ports;
    const { ids, timestampsMs } = samples;
    if (ids.length === 0) return;
    ids.forEach((id, i) => {
      const entry = registry.entries[id]!;
      entry.lastMs = Math.max(entry.lastMs, timestampsMs[i]!);
    });
    // The room takes the columns over.
    const kept = { ids: ids.slice(), timestampsMs: timestampsMs.slice() };
    const judged = await this.#room.judge(registry.takeAdded(), samples).catch((error: unknown) => {
      this.#reopen(timestampsMs.at(-1)!);
      throw error;
    });
    for (const change of judged.changes) this.#publish(change);
    const results = resultSeries({ ...kept, judged }, registry.entries);
    if (results !== undefined) await append(results);
  }

  /** What a failed room had learned is lost, and nobody would close what is open. */
  #reopen(nowMs: number): void {
    const { registry, journal, openRoom } = this.#ports;
    registry.forgetRoom();
    this.#room = openRoom();
    const all = { service: "", startMs: 0, endMs: nowMs, limit: Number.MAX_SAFE_INTEGER };
    for (const event of journal.search(all)) {
      if (event.endMs === null) journal.put({ ...event, endMs: nowMs });
    }
  }

  #columnsOf(samples: readonly SignalSample[], nowMs: number): Required<SampleColumns> {
    const { registry } = this.#ports;
    const watched = samples.flatMap((sample) => {
      const entry = registry.watch(goldenSeries(sample));
      return entry === undefined ? [] : [{ ...sample, id: entry.id }];
    });
    return {
      ids: Uint32Array.from(watched, ({ id }) => id),
      timestampsMs: new Float64Array(watched.length).fill(nowMs),
      values: Float64Array.from(watched, ({ value }) => value),
      requests: Float64Array.from(watched, ({ requests }) => requests),
    };
  }

  /** Services with new samples, by the distance of their samples: it sets the window of queries. */
  #dueByCadence(services: ReadonlySet<string>, nowMs: number): ReadonlyMap<number, Set<string>> {
    const byCadence = new Map<number, Set<string>>();
    for (const service of services) {
      const measuredMs = this.#ports.tap.cadenceMs(service);
      const judgedMs = this.#ports.registry.of(goldenKey("traffic", service))?.lastMs ?? 0;
      if (measuredMs === undefined || nowMs - judgedMs < LEAST_CADENCE_MS) continue;
      const cadenceMs = evenCadenceMs(measuredMs);
      byCadence.set(cadenceMs, (byCadence.get(cadenceMs) ?? new Set()).add(service));
    }
    return byCadence;
  }

  #meet(service: string, cadenceMs: number, nowMs: number): void {
    const { warmUp, registry } = this.#ports;
    const request: WarmUpRequest = {
      ...{ service, cadenceMs, nowMs },
      lastMs: ({ key }) => registry.of(key)?.lastMs ?? 0,
      learn: (past) => this.learn(past),
    };
    this.#paces.meet(service, warmUp && (() => warmUp(request)));
  }

  /** Of a raw series its watch knows; of a golden signal the tap, which hears the sender. */
  #holdOf({ event, change }: WatchChange): Hold | undefined {
    const { tap, held } = this.#ports;
    if (event.hold !== undefined) return event.hold;
    if (change !== "opened") return held.get(event.id)?.hold;
    // Samples that stopped coming are the finding itself.
    const isOther = event.signal === "metric" || event.reason === "absent";
    return isOther ? undefined : tap.holdOf(event.service);
  }

  #publish({ event, change }: WatchChange): void {
    const { journal, held, policy, self } = this.#ports;
    const hold = this.#holdOf({ event, change });
    if (hold !== undefined) {
      if (change === "opened") self.anomalyWithheld("bad-quality");
      held.put({ ...event, hold });
      return;
    }
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
