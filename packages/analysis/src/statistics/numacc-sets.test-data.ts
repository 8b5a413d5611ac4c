/**
 * The sets NumAcc2 to NumAcc4 of NIST's Statistical Reference Datasets by their definition: the
 * center once, then 0.1 below and above it in turn, 500 times.
 */
export function accuracySet(center: number): Float64Array {
  return Float64Array.from({ length: 1001 }, (_, i) =>
    i === 0 ? center : i % 2 === 1 ? center - 0.1 : center + 0.1,
  );
}
