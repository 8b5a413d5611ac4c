/** Plain steps that are tried before doubling: each is cheaper by the size of the state. */
const MAX_STEPS = 250;
/** Enough doublings for a root of modulus 0.999999: 2^24 terms of the sum. */
const MAX_DOUBLINGS = 24;
const RELATIVE_TOLERANCE = 1e-13;

/**
 * The covariance P of the state of a stationary ARMA model in Harvey's form, which solves
 * `P = T P T' + R R'`, for unit error variance: by iterating the equation, or, next to a unit root,
 * where that takes long, by doubling. Row-major, `size` by `size`.
 */
export function stationaryCovariance(phi: Float64Array, loadings: Float64Array): Float64Array {
  return iterate(phi, loadings) ?? double(phi, loadings);
}

/** Uses that T is a companion matrix, so that `T P T'` costs four products an entry. */
function iterate(phi: Float64Array, loadings: Float64Array): Float64Array | undefined {
  const size = loadings.length;
  let covariance: Float64Array = outer(loadings);
  let next: Float64Array = new Float64Array(size * size);
  for (let step = 0; step < MAX_STEPS; step++) {
    const corner = covariance[0]!;
    let growth = 0;
    for (let i = 0; i < size; i++) {
      const below = i + 1 < size ? (i + 1) * size : -1;
      const phiI = phi[i] ?? 0;
      for (let j = i; j < size; j++) {
        const phiJ = phi[j] ?? 0;
        let value = loadings[i]! * loadings[j]! + phiI * phiJ * corner;
        if (j + 1 < size) value += phiI * covariance[j + 1]!;
        if (below >= 0) value += phiJ * covariance[below]!;
        if (j + 1 < size) value += covariance[below + j + 1]!;
        growth = Math.max(growth, Math.abs(value - covariance[i * size + j]!));
        next[i * size + j] = value;
        next[j * size + i] = value;
      }
    }
    [covariance, next] = [next, covariance];
    if (growth <= RELATIVE_TOLERANCE * covariance[0]!) return covariance;
  }
  return undefined;
}

/** `P <- P + A P A'`, `A <- A A` (Anderson and Moore, *Optimal Filtering*, 1979, section 6.7). */
function double(phi: Float64Array, loadings: Float64Array): Float64Array {
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
