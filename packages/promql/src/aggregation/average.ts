import { addCompensated, type CompensatedSum } from "../evaluator/compensated-sum.ts";

/**
 * A running mean: the plain sum divided by the count, with compensation, until the sum would
 * overflow; from then on the mean itself is carried forward (as Prometheus does).
 */
export interface RunningMean {
  add(value: number): void;
  /** The mean so far; NaN before the first value. */
  result(): number;
  /** Starts anew. */
  clear(): void;
}

/** A mean that starts empty; its value is NaN until something is added. */
export function createRunningMean(): RunningMean {
  const total: CompensatedSum = { sum: 0, compensation: 0 };
  let count = 0;
  let incremental = false;

  function addIncrementally(value: number): void {
    const weight = (count - 1) / count;
    total.sum *= weight;
    total.compensation *= weight;
    addCompensated(total, value / count);
  }

  return {
    add(value) {
      count++;
      if (count === 1) {
        total.sum = value;
        total.compensation = 0;
        return;
      }
      if (!incremental) {
        const { sum, compensation } = total;
        addCompensated(total, value);
        if (Math.abs(total.sum) !== Number.POSITIVE_INFINITY) return;
        incremental = true;
        total.sum = sum / (count - 1);
        total.compensation = compensation / (count - 1);
      }
      addIncrementally(value);
    },
    result() {
      if (count === 0) return Number.NaN;
      if (incremental) return total.sum + total.compensation;
      return total.sum / count + total.compensation / count;
    },
    clear() {
      count = 0;
      incremental = false;
    },
  };
}
