/** A source of chance that is passed in, so that every run can be repeated from its seed. */
export interface Random {
  /** A number in [0, 1), evenly spread, with 32 random bits. */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
  /** A whole number in [0, bound). */
  integer(bound: number): number;
}

/**
 * A seeded generator: `sfc32` (Chris Doty-Humphrey, PractRand), 128 bits of state, period at least
 * 2^32. Only the low 32 bits of `seed` count. Not for secrets.
 */
export function createRandom(seed: number): Random {
  let a = 0;
  let b = seed >>> 0;
  let c = 0x9e3779b9;
  let counter = 1;
  const next = (): number => {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + result) | 0;
    return result >>> 0;
  };
  // PractRand discards the first rounds until every state bit depends on the seed.
  for (let round = 0; round < 15; round++) next();
  const uniform = (): number => next() / 2 ** 32;
  return {
    uniform,
    normal: () => boxMuller(1 - uniform(), uniform()),
    integer: (bound) => Math.floor(uniform() * bound),
  };
}

/** Box and Muller (1958): a standard normal number from two uniform ones, the first above 0. */
function boxMuller(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}
