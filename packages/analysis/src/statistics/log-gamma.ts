/** Stirling's series is exact to 1e-12 from here on. */
const SERIES_FROM = 8;

/** ln Gamma(x) for x > 0, by Stirling's series after shifting x upwards; error below 1e-12. */
export function logGamma(x: number): number {
  let shift = 0;
  let argument = x;
  while (argument < SERIES_FROM) shift += Math.log(argument++);
  const square = 1 / argument ** 2;
  const inner = 1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188));
  const series = (1 / 12 - square * inner) / argument;
  return (
    (argument - 0.5) * Math.log(argument) - argument + Math.log(2 * Math.PI) / 2 + series - shift
  );
}
