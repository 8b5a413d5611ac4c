/** Up to so many floats are put in order by insertion. */
const SMALL = 16;
/** Partitions may touch each float so often; then their pivots were bad, and sorting is sure. */
const MAX_TOUCHES = 6;

/**
 * Moves NaNs to the end of `values`, whose other floats may change their order. Gives the number of
 * these.
 */
export function numbersFirst(values: Float64Array): number {
  let numbers = values.length;
  for (let at = values.length - 1; at >= 0; at--) {
    const value = values[at]!;
    if (!Number.isNaN(value)) continue;
    numbers--;
    values[at] = values[numbers]!;
    values[numbers] = value;
  }
  return numbers;
}

/**
 * The float of a rank, 0 being the smallest, among `values`, none of which is NaN; -0 comes before
 * 0. Rearranges them: no larger ones before the rank, no smaller ones after it (Hoare's selection).
 */
export function floatAtRank(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  let touches = MAX_TOUCHES * values.length;
  while (high - low >= SMALL) {
    touches -= high - low;
    if (touches < 0) {
      values.subarray(low, high + 1).sort();
      return signedAt(values, rank);
    }
    const end = partition(values, low, high);
    if (rank <= end) high = end;
    else low = end + 1;
  }
  insertionSort(values, low, high);
  return signedAt(values, rank);
}

/** The float of a rank when `floatAtRank` was last asked for the rank before it. */
export function floatAtNextRank(values: Float64Array, rank: number): number {
  let least = rank;
  for (let at = rank + 1; at < values.length; at++) if (values[at]! < values[least]!) least = at;
  const value = values[least]!;
  values[least] = values[rank]!;
  values[rank] = value;
  return signedAt(values, rank);
}

/** The last position of the lower part: nothing in it is larger than anything after it. */
function partition(values: Float64Array, low: number, high: number): number {
  // Quartiles, not the ends: neither rising values nor a hill make a bad pivot.
  const middle = (low + high) >>> 1;
  const pivot = medianOf(
    values[(low + middle) >>> 1]!,
    values[middle]!,
    values[(middle + high) >>> 1]!,
  );
  let i = low - 1;
  let j = high + 1;
  for (;;) {
    do i++;
    while (values[i]! < pivot);
    do j--;
    while (values[j]! > pivot);
    if (i >= j) return j;
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
  }
}

function medianOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function insertionSort(values: Float64Array, low: number, high: number): void {
  for (let at = low + 1; at <= high; at++) {
    const value = values[at]!;
    let before = at - 1;
    for (; before >= low && values[before]! > value; before--) values[before + 1] = values[before]!;
    values[before + 1] = value;
  }
}

/** Comparison does not tell the zeros apart, so a zero's sign follows from how many there are. */
function signedAt(values: Float64Array, rank: number): number {
  const value = values[rank]!;
  if (value !== 0) return value;
  let below = 0;
  for (let at = 0; at < values.length; at++) {
    if (values[at]! < 0 || Object.is(values[at], -0)) below++;
  }
  return rank < below ? -0 : 0;
}
