import { fromCoarse, toCoarse } from "./coarse-number.ts";

/** Samples whose mean is one point of a shape. */
const POINT_SAMPLES = 4;

/** Points of a shape: 48 samples. */
const SHAPE_POINTS = 12;

/** Points that are remembered: the latest shape and 40 before it, 208 samples. */
const REMEMBERED_POINTS = 52;

const SUM = 0;
const SAMPLES = 1;
const NEXT = 2;
const KNOWN = 3;
const DISTANCE = 4;

/**
 * Remembers the latest shapes of a series and tells how far the newest is from all that do not
 * overlap it: the left discord of DAMP (Lu et al., KDD 2022) over a bounded past. Shapes are means
 * of four samples without their level, but with their size. About 30 shapes are compared at every
 * fourth sample, so O(1) each.
 */
export class ShapeMemory {
  static readonly stateLength = 5;
  static readonly memoryLength = REMEMBERED_POINTS;
  readonly #state: Float32Array;
  /** A ring in the form of `toCoarse`. */
  readonly #memory: Uint16Array;
  readonly #points = new Float64Array(REMEMBERED_POINTS);

  constructor(state: Float32Array, memory: Uint16Array) {
    this.#state = state;
    this.#memory = memory;
  }

  /**
   * Takes a sample, counted from a level that moves little, because points are kept coarsely. The
   * root mean square distance of the newest shape from its nearest before; 0 while there is none.
   */
  take(value: number): number {
    const state = this.#state;
    state[SUM] = state[SUM]! + value;
    state[SAMPLES] = state[SAMPLES]! + 1;
    if (state[SAMPLES] < POINT_SAMPLES) return state[DISTANCE]!;
    const next = state[NEXT]!;
    this.#memory[next] = toCoarse(state[SUM] / POINT_SAMPLES);
    state[NEXT] = (next + 1) % REMEMBERED_POINTS;
    state[KNOWN] = Math.min(state[KNOWN]! + 1, REMEMBERED_POINTS);
    state[SUM] = 0;
    state[SAMPLES] = 0;
    state[DISTANCE] = this.#nearest();
    return state[DISTANCE]!;
  }

  #nearest(): number {
    const known = this.#state[KNOWN]!;
    if (known < 2 * SHAPE_POINTS) return 0;
    const points = this.#points;
    const oldest = this.#state[NEXT]! - known + REMEMBERED_POINTS;
    for (let i = 0; i < known; i++) {
      points[i] = fromCoarse(this.#memory[(oldest + i) % REMEMBERED_POINTS]!);
    }
    const newest = known - SHAPE_POINTS;
    const newestMean = meanFrom(points, newest);
    let nearest = Number.POSITIVE_INFINITY;
    let mean = meanFrom(points, 0);
    for (let start = 0; start + SHAPE_POINTS <= newest; start++) {
      const shift = newestMean - mean;
      let squares = 0;
      for (let i = 0; i < SHAPE_POINTS && squares < nearest; i++) {
        squares += (points[newest + i]! - points[start + i]! - shift) ** 2;
      }
      nearest = Math.min(nearest, squares);
      mean += (points[start + SHAPE_POINTS]! - points[start]!) / SHAPE_POINTS;
    }
    return Math.sqrt(nearest / SHAPE_POINTS);
  }
}

function meanFrom(points: Float64Array, start: number): number {
  let sum = 0;
  for (let i = 0; i < SHAPE_POINTS; i++) sum += points[start + i]!;
  return sum / SHAPE_POINTS;
}
