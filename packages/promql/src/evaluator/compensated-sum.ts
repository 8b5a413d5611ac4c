/**
 * One running sum with its compensation (Kahan, with Neumaier's improvement), as Prometheus adds.
 * The true sum is `sum + compensation`. Reused across samples: no allocation in hot loops.
 */
export interface CompensatedSum {
  sum: number;
  compensation: number;
}

/** Adds `increment`; an infinite sum drops the compensation (it would turn into NaN). */
export function addCompensated(target: CompensatedSum, increment: number): void {
  const { sum } = target;
  const total = sum + increment;
  if (total === Number.POSITIVE_INFINITY || total === Number.NEGATIVE_INFINITY) {
    target.compensation = 0;
  } else if (Math.abs(sum) >= Math.abs(increment)) {
    target.compensation += sum - total + increment;
  } else {
    target.compensation += increment - total + sum;
  }
  target.sum = total;
}
