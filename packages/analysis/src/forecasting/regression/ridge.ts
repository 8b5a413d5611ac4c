/** Strengths tried, as shares of the mean diagonal of X'X (columns are scaled to it first). */
const STRENGTHS = [1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1, 3, 10];

/**
 * Normal equations of a linear regression, gathered row by row, and solved with a ridge penalty whose
 * strength is averaged over a grid with weights by generalised cross-validation (Golub, Heath and
 * Wahba 1979). Columns count equally: each is scaled to mean square 1.
 */
export class RidgeRegression {
  private readonly size: number;
  private readonly gram: Float64Array;
  private readonly moments: Float64Array;
  private squares = 0;
  private count = 0;

  constructor(size: number) {
    this.size = size;
    this.gram = new Float64Array(size * size);
    this.moments = new Float64Array(size);
  }

  /** Adds one observation. */
  add(features: Float64Array, target: number): void {
    const { size, gram, moments } = this;
    for (let i = 0; i < size; i++) {
      const value = features[i]!;
      const row = i * size;
      moments[i]! += value * target;
      for (let j = 0; j <= i; j++) gram[row + j]! += value * features[j]!;
    }
    this.squares += target * target;
    this.count++;
  }

  /** The averaged coefficients; zeros when nothing was learnt. */
  solve(): Float64Array {
    const { size } = this;
    const scales = Float64Array.from({ length: size }, (_, i) => {
      const meanSquare = this.gram[i * size + i]! / Math.max(1, this.count);
      return meanSquare > 0 ? 1 / Math.sqrt(meanSquare) : 0;
    });
    const fits = STRENGTHS.map((strength) => this.fit(scales, strength * this.count));
    const best = Math.min(...fits.map((fit) => fit.score));
    const average = new Float64Array(size);
    if (!(best > 0) || !Number.isFinite(best)) return average;
    let total = 0;
    for (const { coefficients, score } of fits) {
      if (!Number.isFinite(score)) continue;
      const weight = (best / score) ** (this.count / 2);
      total += weight;
      for (let i = 0; i < size; i++) average[i]! += weight * coefficients[i]! * scales[i]!;
    }
    return average.map((sum) => sum / total);
  }

  private fit(
    scales: Float64Array,
    penalty: number,
  ): { coefficients: Float64Array; score: number } {
    const { size, gram, count } = this;
    const matrix = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++)
        matrix[i * size + j] = gram[i * size + j]! * scales[i]! * scales[j]!;
      if (scales[i] === 0) matrix[i * size + i] = 1;
    }
    const target = this.moments.map((moment, i) => moment * scales[i]!);
    const plain = Float64Array.from(matrix);
    for (let i = 0; i < size; i++) matrix[i * size + i]! += penalty;
    cholesky(matrix, size);
    const coefficients = solveFactored(matrix, target);
    let residual = this.squares;
    for (let i = 0; i < size; i++) {
      residual -= 2 * coefficients[i]! * target[i]!;
      for (let j = 0; j < size; j++) {
        const entry = i >= j ? plain[i * size + j]! : plain[j * size + i]!;
        residual += coefficients[i]! * entry * coefficients[j]!;
      }
    }
    const freedom = count - (size - penalty * inverseTrace(matrix, size));
    const score = freedom > 0 ? (count * Math.max(residual, 1e-12)) / freedom ** 2 : Infinity;
    return { coefficients, score };
  }
}

/** Factors the lower triangle in place: A = L L'. A is positive definite thanks to the penalty. */
function cholesky(matrix: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i * size + k]! * matrix[j * size + k]!;
      matrix[i * size + j] =
        i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / matrix[j * size + j]!;
    }
  }
}

function solveFactored(factor: Float64Array, target: Float64Array): Float64Array {
  const size = target.length;
  const solution = Float64Array.from(target);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) solution[i]! -= factor[i * size + k]! * solution[k]!;
    solution[i]! /= factor[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) solution[i]! -= factor[k * size + i]! * solution[k]!;
    solution[i]! /= factor[i * size + i]!;
  }
  return solution;
}

/** The trace of the inverse of L L': the sum of squares of the inverse of L. */
function inverseTrace(factor: Float64Array, size: number): number {
  let trace = 0;
  const column = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    column.fill(0);
    for (let i = j; i < size; i++) {
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= factor[i * size + k]! * column[k]!;
      column[i] = sum / factor[i * size + i]!;
      trace += column[i]! ** 2;
    }
  }
  return trace;
}
