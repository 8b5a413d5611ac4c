import {
  createStreamingDetector,
  type StreamingDetector,
  type StreamingState,
  type StreamingVerdict,
  type WeekProfile,
} from "@avx/analysis";

/** How a series is judged; detectors of the same kind are one. */
export interface DetectorKind {
  readonly kind: "gauge" | "counter";
  readonly confirms: boolean;
}

/** The detector of one series: its state lies in a row of the bank. */
export interface BankedDetector {
  push(timestampMs: number, value: number): StreamingVerdict;
  silence(nowMs: number): StreamingVerdict;
  save(): StreamingState;
  /** Throws AnalysisError `invalid_state` for a state of another version. */
  restore(state: StreamingState): void;
}

/** Keeps the states of many detectors side by side, without an object for each of their parts. */
export interface DetectorBank {
  open(kind: DetectorKind): BankedDetector;
  /** Bytes that all states take, without the weeks of series that follow one. */
  readonly bytes: number;
}

/** Rows that are allocated at once: 0.7 MB. */
const ROWS_OF_A_SLAB = 512;

/** An empty bank. */
export function createDetectorBank(): DetectorBank {
  const engines = new Map<string, Engine>();
  const slabs: Uint8Array[] = [];
  let rows = 0;
  const rowFor = ({ detector, blank }: Engine): Uint8Array => {
    const { stateBytes } = detector;
    const at = rows++ % ROWS_OF_A_SLAB;
    if (at === 0) slabs.push(new Uint8Array(ROWS_OF_A_SLAB * stateBytes));
    const row = slabs.at(-1)!.subarray(at * stateBytes, (at + 1) * stateBytes);
    row.set(blank);
    return row;
  };
  return {
    open({ kind, confirms }) {
      const name = `${kind} ${confirms}`;
      const engine = engines.get(name) ?? createEngine({ kind, confirms });
      engines.set(name, engine);
      return new Banked(engine.detector, rowFor(engine));
    },
    get bytes() {
      return slabs.reduce((sum, slab) => sum + slab.byteLength, 0);
    },
  };
}

/** The one detector of its kind, and its state before the first sample. */
interface Engine {
  readonly detector: StreamingDetector;
  readonly blank: Uint8Array;
}

function createEngine(kind: DetectorKind): Engine {
  const detector = createStreamingDetector(kind);
  const blank = new Uint8Array(detector.stateBytes);
  detector.pack(blank);
  return { detector, blank };
}

class Banked implements BankedDetector {
  readonly #detector: StreamingDetector;
  readonly #row: Uint8Array;
  #week: WeekProfile | undefined;

  constructor(detector: StreamingDetector, row: Uint8Array) {
    this.#detector = detector;
    this.#row = row;
  }

  push(timestampMs: number, value: number): StreamingVerdict {
    this.#detector.unpack(this.#row, this.#week);
    const verdict = this.#detector.push(timestampMs, value);
    this.#week = this.#detector.pack(this.#row);
    return verdict;
  }

  silence(nowMs: number): StreamingVerdict {
    this.#detector.unpack(this.#row, this.#week);
    return this.#detector.silence(nowMs);
  }

  save(): StreamingState {
    this.#detector.unpack(this.#row, this.#week);
    return this.#detector.save();
  }

  restore(state: StreamingState): void {
    this.#detector.restore(state);
    this.#week = this.#detector.pack(this.#row);
  }
}
