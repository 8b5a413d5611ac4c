import { AnalysisError } from "../analysis-error.ts";
import { mean } from "./moments.ts";

/** Sweeps of Jacobi's method; it converges quadratically, in about ten. */
const MOST_SWEEPS = 60;

/** Directions of the largest variance of a set of rows. */
export interface PrincipalComponents {
  /** Mean of each column, which is taken off before projecting. */
  readonly means: Float64Array;
  /** Variances along the directions (divisor n - 1), descending. */
  readonly variances: Float64Array;
  /** Unit vectors in the order of the variances; their signs are arbitrary. */
  readonly directions: readonly Float64Array[];
}

/** Principal components of rows of equal length. Throws `insufficient_data` below two rows. */
export function principalComponents(rows: readonly Float64Array[]): PrincipalComponents {
  if (rows.length < 2) {
    throw new AnalysisError("insufficient_data", { have: rows.length, needed: 2 });
  }
  const width = rows[0]?.length ?? 0;
  const means = Float64Array.from({ length: width }, (_, i) =>
    mean(Float64Array.from(rows, (row) => row[i]!)),
  );
  const covariance = Array.from({ length: width }, () => new Float64Array(width));
  for (const row of rows) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++) {
        const product = (row[i]! - means[i]!) * (row[j]! - means[j]!);
        covariance[i]![j] = covariance[i]![j]! + product / (rows.length - 1);
      }
    }
  }
  const { values, vectors } = symmetricEigen(covariance);
  const order = [...values.keys()].toSorted((a, b) => values[b]! - values[a]!);
  return {
    means,
    variances: Float64Array.from(order, (i) => Math.max(0, values[i]!)),
    directions: order.map((i) => Float64Array.from(vectors, (row) => row[i]!)),
  };
}

/** Eigenvalues and, in columns, eigenvectors of a symmetric matrix, which is destroyed (Jacobi 1846). */
export function symmetricEigen(matrix: Float64Array[]) {
  const size = matrix.length;
  const vectors = Array.from({ length: size }, (_, i) => {
    const row = new Float64Array(size);
    row[i] = 1;
    return row;
  });
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let offDiagonal = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        offDiagonal += Math.abs(matrix[p]![q]!);
        rotate(matrix, vectors, [p, q]);
      }
    }
    if (offDiagonal === 0) break;
  }
  return { values: Float64Array.from(matrix, (row, i) => row[i]!), vectors };
}

/** One rotation that makes element (p, q) zero. */
function rotate(
  matrix: Float64Array[],
  vectors: Float64Array[],
  [p, q]: readonly [number, number],
): void {
  const element = matrix[p]![q]!;
  const scale = Math.abs(matrix[p]![p]!) + Math.abs(matrix[q]![q]!);
  if (Math.abs(element) <= 1e-18 * scale) {
    matrix[p]![q] = 0;
    matrix[q]![p] = 0;
    return;
  }
  const theta = (matrix[q]![q]! - matrix[p]![p]!) / (2 * element);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (const row of matrix) turn(row, [p, q], [c, s]);
  const rowP = matrix[p]!;
  const rowQ = matrix[q]!;
  for (let k = 0; k < matrix.length; k++) {
    const first = rowP[k]!;
    const second = rowQ[k]!;
    rowP[k] = c * first - s * second;
    rowQ[k] = s * first + c * second;
  }
  for (const row of vectors) turn(row, [p, q], [c, s]);
}

function turn(
  row: Float64Array,
  [p, q]: readonly [number, number],
  [c, s]: readonly [number, number],
): void {
  const first = row[p]!;
  const second = row[q]!;
  row[p] = c * first - s * second;
  row[q] = s * first + c * second;
}
