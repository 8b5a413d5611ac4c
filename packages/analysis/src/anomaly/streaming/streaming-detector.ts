import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import { Autoregression } from "./autoregression.ts";
import { SamplingInterval } from "./sampling-interval.ts";
import { StateArena } from "./state-arena.ts";

/** What a streaming detector needs to know about its series. */
export interface StreamingOptions {
  /** A counter is turned into its rate per second, resets included. `gauge` by default. */
  readonly kind?: "gauge" | "counter";
  /** Samples before anything can be paged; 48 by default, at least 16. */
  readonly warmUpSamples?: number;
}

/** Why a sample has its score, as a stable word that a page can be explained with. */
export type StreamingReason =
  | "warming-up"
  | "normal"
  | "not-a-number"
  | "out-of-order"
  | "after-gap"
  | "spike-up"
  | "spike-down"
  | "shift-up"
  | "shift-down";

/** What the detector says about one sample. */
export interface StreamingVerdict {
  /** From 0 (as expected) to 1; from 0.5 on the sample is worth a page. */
  readonly score: number;
  /** Bounds in which the value was expected, in its own unit; `NaN` while warming up. */
  readonly expectedLower: number;
  readonly expectedUpper: number;
  /** True once per change: at the sample that raises the alarm. */
  readonly page: boolean;
  readonly reason: StreamingReason;
}

/** A saved detector; plain JSON. */
export interface StreamingState {
  readonly version: 1;
  readonly numbers: readonly number[];
}

/** Judges a live series sample by sample, at O(1) each. */
export interface StreamingDetector {
  push(timestampMs: number, value: number): StreamingVerdict;
  save(): StreamingState;
  /** Continues as the saved detector would have; throws `invalid_state` for another's state. */
  restore(state: StreamingState): void;
}

const COUNT = 0;
const ORIGIN = 1;
const UNIT = 2;
const RESIDUAL_SCALE = 3;
const LEVEL = 4;
const LEVEL_SCALE = 5;
const RECORD = 6;
const QUIET_LEFT = 7;
const PREVIOUS_RAW = 8;
const RUN = 9;
const CORE_LENGTH = 10;

/** Samples that set the origin and the unit of the model. */
const SEED_SAMPLES = 12;

/** Creates a detector without history. See docs/reference/anomaly-detection.md for the method. */
export function createStreamingDetector(options: StreamingOptions = {}): StreamingDetector {
  const { kind = "gauge", warmUpSamples = 48 } = options;
  requireInteger("warmUpSamples", warmUpSamples, 16);
  return new Stack(kind, warmUpSamples);
}

class Stack implements StreamingDetector {
  readonly #kind: "gauge" | "counter";
  readonly #warmUpSamples: number;
  readonly #arena = new StateArena();
  readonly #core = this.#arena.take(CORE_LENGTH);
  readonly #interval = new SamplingInterval(this.#arena.take(SamplingInterval.stateLength));
  readonly #model = new Autoregression(this.#arena.take(Autoregression.stateLength), 2000);

  constructor(kind: "gauge" | "counter", warmUpSamples: number) {
    this.#kind = kind;
    this.#warmUpSamples = warmUpSamples;
  }

  save(): StreamingState {
    return { version: 1, numbers: [...this.#arena.save()] };
  }

  restore(state: StreamingState): void {
    if (state.version !== 1) {
      throw new AnalysisError("invalid_state", { reason: `unknown version ${state.version}` });
    }
    this.#arena.restore(state.numbers);
  }

  push(timestampMs: number, raw: number): StreamingVerdict {
    if (!Number.isFinite(raw)) return without("not-a-number");
    const previousMs = this.#interval.lastMs;
    const arrival = this.#interval.place(timestampMs);
    if (arrival === "out-of-order") return without("out-of-order");
    const value = this.#toGauge(raw, timestampMs - previousMs);
    if (arrival === "first" && this.#kind === "counter") return without("warming-up");
    if (this.#core[COUNT]! < SEED_SAMPLES) return this.#seed(value);
    if (arrival === "after-gap") {
      this.#model.reset(this.#normalize(value));
      return without("after-gap");
    }
    return this.#judge(value);
  }

  /** The rate of a counter; after a reset the counter has risen from 0. */
  #toGauge(raw: number, elapsedMs: number): number {
    if (this.#kind === "gauge") return raw;
    const previous = this.#core[PREVIOUS_RAW]!;
    this.#core[PREVIOUS_RAW] = raw;
    const rise = raw >= previous ? raw - previous : raw;
    return (1000 * rise) / elapsedMs;
  }

  #normalize(value: number): number {
    return (value - this.#core[ORIGIN]!) / this.#core[UNIT]!;
  }

  #seed(value: number): StreamingVerdict {
    const core = this.#core;
    core[COUNT] = core[COUNT]! + 1;
    const before = value - core[ORIGIN]!;
    core[ORIGIN] = core[ORIGIN]! + before / core[COUNT];
    core[UNIT] = core[UNIT]! + (Math.abs(before) - core[UNIT]!) / core[COUNT];
    if (core[COUNT] === SEED_SAMPLES) {
      const smallest = 1e-9 + 1e-3 * Math.abs(core[ORIGIN]!);
      core[UNIT] = Math.max(core[UNIT]!, smallest);
      core[RESIDUAL_SCALE] = 1;
      core[LEVEL_SCALE] = 1;
      core[LEVEL] = 0;
      this.#model.reset(this.#normalize(value));
    }
    return without("warming-up");
  }

  #judge(value: number): StreamingVerdict {
    const core = this.#core;
    const x = this.#normalize(value);
    const expected = this.#model.predict();
    const residual = x - expected;
    const scale = Math.max(core[RESIDUAL_SCALE]!, 1e-6);
    const z = residual / scale;
    const levelZ = (x - core[LEVEL]!) / Math.max(core[LEVEL_SCALE]!, 1e-6);
    core[RUN] = Math.abs(levelZ) > 4 ? core[RUN]! + Math.sign(levelZ) : 0;
    const limit = Math.max(6, 1.1 * core[RECORD]!);
    const spike = Math.abs(z) / limit;
    const shift = Math.abs(core[RUN]) >= 3 ? Math.abs(levelZ) / 6 : 0;
    const ratio = Math.max(spike, shift);
    const score = ratio / (1 + ratio);
    const isWarm = core[COUNT]! >= this.#warmUpSamples;
    const page = isWarm && score >= 0.5 && core[QUIET_LEFT] === 0;
    this.#learn(x, z, levelZ);
    if (score >= 0.5) core[QUIET_LEFT] = 10;
    else core[QUIET_LEFT] = Math.max(0, core[QUIET_LEFT]! - 1);
    const direction = (spike >= shift ? z : levelZ) > 0 ? "up" : "down";
    const kind = spike >= shift ? "spike" : "shift";
    const center = core[ORIGIN]! + expected * core[UNIT]!;
    const width = limit * scale * core[UNIT]!;
    return {
      score: isWarm ? score : 0,
      expectedLower: center - width,
      expectedUpper: center + width,
      page,
      reason: isWarm ? (score >= 0.5 ? `${kind}-${direction}` : "normal") : "warming-up",
    };
  }

  #learn(x: number, z: number, levelZ: number): void {
    const core = this.#core;
    core[COUNT] = core[COUNT]! + 1;
    const rate = Math.max(1 / 100, 1 / core[COUNT]);
    const clipped = Math.max(-3, Math.min(3, z));
    this.#model.learn(clipped * core[RESIDUAL_SCALE]!);
    this.#model.shift(x);
    core[RESIDUAL_SCALE] = core[RESIDUAL_SCALE]! * (1 + rate * (1.25 * Math.abs(clipped) - 1));
    const pull = Math.max(-3, Math.min(3, levelZ));
    core[LEVEL] = core[LEVEL]! + rate * pull * core[LEVEL_SCALE]!;
    core[LEVEL_SCALE] = core[LEVEL_SCALE]! * (1 + rate * (1.25 * Math.abs(pull) - 1));
    core[RECORD] = Math.max(core[RECORD]! * 0.9995, Math.min(Math.abs(z), 1e6));
  }
}

function without(reason: StreamingReason): StreamingVerdict {
  return { score: 0, expectedLower: Number.NaN, expectedUpper: Number.NaN, page: false, reason };
}
