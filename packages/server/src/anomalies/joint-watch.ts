import {
  createServiceDetector,
  type ServiceDetector,
  type ServiceDetectorState,
} from "@avx/analysis";
import type { GoldenSignal, JointOpinion } from "../contract.ts";
import { OPEN_SCORE } from "./series-watch.ts";

/** The golden signals in the order of the values of a moment. */
export const JOINT_SIGNALS: readonly GoldenSignal[] = [
  "latency",
  "traffic",
  "errors",
  "saturation",
];

/** A quarter of the changes that are felt (relevance.ts): below, values are not told apart. */
const LEAST_SCALES: Readonly<Record<GoldenSignal, number>> = {
  latency: 0.0025,
  traffic: 0.25,
  errors: 0.005,
  saturation: 0.02,
};
/** Moments in a row with a signal more after which it is taken in: not one that comes and goes. */
const WIDER_AFTER = 100;
/** Moments in a row with a signal less after which it is given up: the detector's own memory. */
const NARROWER_AFTER = 5000;

/** What is known of the golden signals of one service together, as it is kept over a restart. */
export interface JointState {
  readonly service: string;
  readonly signals: readonly GoldenSignal[];
  readonly joint: ServiceDetectorState;
}

/** Judges the golden signals of one service together. */
export interface JointWatch {
  /** Values in the order of `JOINT_SIGNALS`, `NaN` where there is none. Undefined: not judged. */
  push(timestampMs: number, values: Float64Array): JointOpinion | undefined;
  /** Undefined before two signals were seen. */
  save(): Omit<JointState, "service"> | undefined;
  /** Throws AnalysisError for a state of another version or number of signals. */
  restore(state: Omit<JointState, "service">): void;
}

/** A watch without history: it begins with the signals of the first moment that has two. */
export function createJointWatch(): JointWatch {
  return new Joint();
}

class Joint implements JointWatch {
  #signals: readonly GoldenSignal[] = [];
  #detector: ServiceDetector | undefined;
  #others = 0;
  /** The strongest of the alarm that is open. */
  #worst: JointOpinion | undefined;

  push(timestampMs: number, values: Float64Array): JointOpinion | undefined {
    this.#fit(JOINT_SIGNALS.filter((_, i) => Number.isFinite(values[i])));
    const row = this.#signals.map((signal) => values[JOINT_SIGNALS.indexOf(signal)]!);
    const verdict = this.#detector?.push(timestampMs, row);
    if (verdict === undefined || Number.isNaN(verdict.distance)) return undefined;
    const { score } = verdict;
    if (score < OPEN_SCORE) {
      this.#worst = undefined;
      return { score, shares: [] };
    }
    const shares = verdict.shares.flatMap(({ signal, share }) => {
      const golden = this.#signals.find((name) => name === signal);
      return golden === undefined ? [] : [{ signal: golden, share }];
    });
    // Without shares the detector has only not forgotten yet what it has said before a restart.
    if (shares.length > 0 && score > (this.#worst?.score ?? 0)) this.#worst = { score, shares };
    return this.#worst;
  }

  save(): Omit<JointState, "service"> | undefined {
    const joint = this.#detector?.save();
    return joint && { signals: this.#signals, joint };
  }

  restore({ signals, joint }: Omit<JointState, "service">): void {
    this.#begin(signals);
    this.#detector?.restore(joint);
  }

  /** Begins anew when the service has had other signals for long. */
  #fit(seen: readonly GoldenSignal[]): void {
    const isSame =
      seen.length === this.#signals.length && seen.every((name, i) => name === this.#signals[i]);
    if (isSame) this.#others = 0;
    if (isSame || seen.length < 2) return; // A service that nobody asks is not another one.
    this.#others++;
    const after = seen.length > this.#signals.length ? WIDER_AFTER : NARROWER_AFTER;
    if (this.#detector === undefined || this.#others >= after) this.#begin(seen);
  }

  #begin(signals: readonly GoldenSignal[]): void {
    const leastScales = signals.map((signal) => LEAST_SCALES[signal]);
    this.#signals = signals;
    this.#detector = createServiceDetector({ signals, leastScales });
    this.#others = 0;
    this.#worst = undefined;
  }
}
