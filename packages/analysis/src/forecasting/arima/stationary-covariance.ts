/** Enough doublings for a root of modulus 0.999999: 2^24 terms of the sum. */
const MAX_DOUBLINGS = 24;
const RELATIVE_TOLERANCE = 1e-13;

/**
 * The covariance P of the state of a stationary ARMA model in Harvey's form, which solves
 * `P = T P T' + R R'`, for unit error variance. Summed by doubling: `P <- P + A P A'`, `A <- A A`
 * (Anderson and Moore, *Optimal Filtering*, 1979, section 6.7). Row-major, `size` by `size`.
 */
export function stationaryCovariance(phi: Float64Array, loadings: Float64Array): Float64Array {
  const size = loadings.length;
  let transition = companion(phi, size);
  const covariance = outer(loadings);
  for (let round = 0; round < MAX_DOUBLINGS; round++) {
    const added = sandwich(transition, covariance, size);
    let growth = 0;
    let scale = 0;
    for (let i = 0; i < covariance.length; i++) {
      covariance[i]! += added[i]!;
      growth = Math.max(growth, Math.abs(added[i]!));
      scale = Math.max(scale, Math.abs(covariance[i]!));
    }
    if (!(growth > RELATIVE_TOLERANCE * scale)) break;
    transition = multiply(transition, transition, size);
  }
  return covariance;
}

function companion(phi: Float64Array, size: number): Float64Array {
  const matrix = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    matrix[i * size] = phi[i] ?? 0;
    if (i + 1 < size) matrix[i * size + i + 1] = 1;
  }
  return matrix;
}

function outer(vector: Float64Array): Float64Array {
  const size = vector.length;
  return Float64Array.from(
    { length: size * size },
    (_, i) => vector[Math.floor(i / size)]! * vector[i % size]!,
  );
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) product[i * size + j]! += factor * b[k * size + j]!;
    }
  }
  return product;
}

/** `A P A'`. */
function sandwich(a: Float64Array, p: Float64Array, size: number): Float64Array {
  const left = multiply(a, p, size);
  const transposed = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) transposed[j * size + i] = a[i * size + j]!;
  }
  return multiply(left, transposed, size);
}
