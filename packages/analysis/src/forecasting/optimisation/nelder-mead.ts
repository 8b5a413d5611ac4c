/** A function of a point; it must not keep or change the array. `Infinity` marks a forbidden point. */
export type Objective = (point: Float64Array) => number;

/** How a minimum is searched for. */
export interface NelderMeadOptions {
  /** Size of the first simplex along each axis. */
  readonly steps: Float64Array;
  readonly maxEvaluations: number;
  /** Stops when the values of the simplex differ by less than this share of their size. */
  readonly relativeTolerance: number;
}

/** Where a search ended. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/**
 * The downhill simplex of Nelder and Mead (Computer Journal 7, 1965) with the usual coefficients 1,
 * 2, 1/2, 1/2. Needs no derivative, so it suits objectives with forbidden regions. `NaN` counts as
 * Infinity.
 */
export function nelderMead(
  objective: Objective,
  start: Float64Array,
  options: NelderMeadOptions,
): Minimum {
  const simplex = new Simplex(objective, start, options.steps);
  while (simplex.evaluations < options.maxEvaluations) {
    const { best, worst } = simplex.extremes();
    if (Math.abs(worst - best) <= options.relativeTolerance * (Math.abs(best) + 1e-10)) break;
    simplex.step();
  }
  return simplex.minimum();
}

class Simplex {
  evaluations = 0;
  private readonly objective: Objective;
  private readonly points: Float64Array[];
  private readonly values: Float64Array;
  private readonly centroid: Float64Array;
  private worst = 0;
  private best = 0;
  private second = 0;

  constructor(objective: Objective, start: Float64Array, steps: Float64Array) {
    this.objective = objective;
    this.centroid = new Float64Array(start.length);
    this.points = [Float64Array.from(start)];
    for (let axis = 0; axis < start.length; axis++) {
      const point = Float64Array.from(start);
      point[axis]! += steps[axis]!;
      this.points.push(point);
    }
    this.values = Float64Array.from(this.points, (point) => this.evaluate(point));
    this.rank();
  }

  private evaluate(point: Float64Array): number {
    this.evaluations++;
    const value = this.objective(point);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  }

  private rank(): void {
    const values = this.values;
    this.best = 0;
    this.worst = 0;
    for (let i = 1; i < values.length; i++) {
      if (values[i]! < values[this.best]!) this.best = i;
      if (values[i]! >= values[this.worst]!) this.worst = i;
    }
    this.second = this.best;
    for (let i = 0; i < values.length; i++) {
      if (i !== this.worst && values[i]! >= values[this.second]!) this.second = i;
    }
  }

  extremes(): { best: number; worst: number } {
    return { best: this.values[this.best]!, worst: this.values[this.worst]! };
  }

  minimum(): Minimum {
    return {
      point: this.points[this.best]!,
      value: this.values[this.best]!,
      evaluations: this.evaluations,
    };
  }

  /** One reflection with what follows from it: expansion, contraction or shrinking. */
  step(): void {
    this.computeCentroid();
    const worstPoint = this.points[this.worst]!;
    const worstValue = this.values[this.worst]!;
    const reflected = this.along(worstPoint, 1);
    const reflectedValue = this.evaluate(reflected);
    if (reflectedValue < this.values[this.best]!) {
      const expanded = this.along(worstPoint, 2);
      const expandedValue = this.evaluate(expanded);
      if (expandedValue < reflectedValue) this.replaceWorst(expanded, expandedValue);
      else this.replaceWorst(reflected, reflectedValue);
    } else if (reflectedValue < this.values[this.second]!) {
      this.replaceWorst(reflected, reflectedValue);
    } else {
      const outside = reflectedValue < worstValue;
      const contracted = this.along(worstPoint, outside ? 0.5 : -0.5);
      const contractedValue = this.evaluate(contracted);
      if (contractedValue < Math.min(reflectedValue, worstValue)) {
        this.replaceWorst(contracted, contractedValue);
      } else this.shrink();
    }
    this.rank();
  }

  private computeCentroid(): void {
    this.centroid.fill(0);
    const share = 1 / this.centroid.length;
    for (const [i, point] of this.points.entries()) {
      if (i === this.worst) continue;
      for (let axis = 0; axis < point.length; axis++) this.centroid[axis]! += share * point[axis]!;
    }
  }

  private along(from: Float64Array, factor: number): Float64Array {
    return this.centroid.map((centre, axis) => centre + factor * (centre - from[axis]!));
  }

  private replaceWorst(point: Float64Array, value: number): void {
    this.points[this.worst] = point;
    this.values[this.worst] = value;
  }

  private shrink(): void {
    const centre = this.points[this.best]!;
    for (const [i, point] of this.points.entries()) {
      if (i === this.best) continue;
      for (let axis = 0; axis < point.length; axis++) {
        point[axis] = 0.5 * (point[axis]! + centre[axis]!);
      }
      this.values[i] = this.evaluate(point);
    }
  }
}
