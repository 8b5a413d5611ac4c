/**
 * The share of the error budget that is left when `errorRatio` of the requests in the interval
 * failed, 1 = untouched, 0 = spent; never below 0. SRE Workbook, chapter 5: the budget of an
 * objective is 1 - objective. NaN for an `errorRatio` of NaN.
 */
export function errorBudgetRemaining(errorRatio: number, objective: number): number {
  return Math.max(0, 1 - errorRatio / (1 - objective));
}
