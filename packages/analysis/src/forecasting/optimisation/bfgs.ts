import type { Minimum, Objective } from "./nelder-mead.ts";

/** How a smooth minimum is searched for. */
export interface BfgsOptions {
  readonly maxIterations: number;
  /** Step of the differences that stand for the gradient. */
  readonly differenceStep: number;
  /** Differences to one side only: half the evaluations, for a search that need not be exact. */
  readonly isOneSided?: boolean;
  /** Stops when an iteration gains less than this share of the value. */
  readonly relativeTolerance: number;
}

/** Armijo's share of the predicted gain that a step must reach. */
const SUFFICIENT_DECREASE = 1e-4;
const STEP_SHRINK = 0.2;
const SMALLEST_STEP = 1e-8;

/**
 * Quasi-Newton search with the BFGS update and back-tracking (Nash, Compact Numerical Methods,
 * algorithm 21), gradients by differences. For smooth objectives of few variables.
 */
export function bfgs(objective: Objective, start: Float64Array, options: BfgsOptions): Minimum {
  const size = start.length;
  let evaluations = 0;
  const evaluate: Objective = (point) => {
    evaluations++;
    const value = objective(point);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  let point = Float64Array.from(start);
  let value = evaluate(point);
  if (size === 0 || !Number.isFinite(value)) return { point, value, evaluations };
  let gradient = differences(evaluate, { point, value }, options);
  let inverse = identity(size);
  let isFresh = true;
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    const direction = descent(inverse, gradient);
    const next = backTrack(evaluate, { point, value, gradient, direction });
    if (next === undefined || value - next.value <= options.relativeTolerance * Math.abs(value)) {
      if (next !== undefined) ({ point, value } = next);
      if (isFresh) break;
      inverse = identity(size);
      isFresh = true;
      gradient = differences(evaluate, { point, value }, options);
      continue;
    }
    const nextGradient = differences(evaluate, next, options);
    const moved = next.point.map((x, i) => x - point[i]!);
    const turned = nextGradient.map((g, i) => g - gradient[i]!);
    isFresh = !updateInverse(inverse, moved, turned);
    if (isFresh) inverse = identity(size);
    point = next.point;
    value = next.value;
    gradient = nextGradient;
  }
  return { point, value, evaluations };
}

function differences(
  objective: Objective,
  { point, value }: { point: Float64Array; value: number },
  { differenceStep: step, isOneSided = false }: BfgsOptions,
): Float64Array {
  const probe = Float64Array.from(point);
  return point.map((x, i) => {
    probe[i] = x + step;
    const above = objective(probe);
    probe[i] = x - step;
    const below = isOneSided ? value : objective(probe);
    probe[i] = x;
    const slope = (above - below) / (isOneSided ? step : 2 * step);
    return Number.isFinite(slope) ? slope : 0;
  });
}

function identity(size: number): Float64Array[] {
  return Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(size);
    row[i] = 1;
    return row;
  });
}

function descent(inverse: readonly Float64Array[], gradient: Float64Array): Float64Array {
  return Float64Array.from(inverse, (row) => -dot(row, gradient));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

interface Line {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
}

function backTrack(
  evaluate: Objective,
  { point, value, gradient, direction }: Line,
): { point: Float64Array<ArrayBuffer>; value: number } | undefined {
  const slope = dot(gradient, direction);
  if (slope >= 0) return undefined;
  for (let step = 1; step > SMALLEST_STEP; step *= STEP_SHRINK) {
    const next = Float64Array.from(point, (x, i) => x + step * direction[i]!);
    const nextValue = evaluate(next);
    if (nextValue <= value + SUFFICIENT_DECREASE * step * slope) {
      return { point: next, value: nextValue };
    }
  }
  return undefined;
}

/** The BFGS formula; answers false, and changes nothing, when curvature is not positive. */
function updateInverse(
  inverse: Float64Array[],
  moved: Float64Array,
  turned: Float64Array,
): boolean {
  const curvature = dot(moved, turned);
  if (!(curvature > 0)) return false;
  const image = Float64Array.from(inverse, (row) => dot(row, turned));
  const scale = 1 + dot(turned, image) / curvature;
  for (let i = 0; i < moved.length; i++) {
    const row = inverse[i]!;
    for (let j = 0; j < moved.length; j++) {
      row[j]! +=
        (scale * moved[i]! * moved[j]! - moved[i]! * image[j]! - image[i]! * moved[j]!) / curvature;
    }
  }
  return true;
}
