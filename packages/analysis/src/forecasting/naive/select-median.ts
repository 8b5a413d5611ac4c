/**
 * The median of the first `count` numbers of `buffer`, whose order it changes: quickselect (Hoare's
 * FIND, 1961), several times faster than sorting. `NaN` when `count` is 0; the numbers must be finite.
 */
export function selectMedian(buffer: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const middle = count >> 1;
  const upper = select(buffer, middle, count);
  if (count % 2 === 1) return upper;
  // After the selection everything before the middle is not larger.
  let lower = buffer[0]!;
  for (let i = 1; i < middle; i++) lower = Math.max(lower, buffer[i]!);
  return (lower + upper) / 2;
}

/** Puts the number of rank `rank` in its place, smaller ones before it, and returns it. */
function select(buffer: Float64Array, rank: number, count: number): number {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = buffer[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (buffer[i]! < pivot) i++;
      while (buffer[j]! > pivot) j--;
      if (i > j) break;
      const held = buffer[i]!;
      buffer[i++] = buffer[j]!;
      buffer[j--] = held;
    }
    if (rank <= j) right = j;
    else if (rank >= i) left = i;
    else break;
  }
  return buffer[rank]!;
}
