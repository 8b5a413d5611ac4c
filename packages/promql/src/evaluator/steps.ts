/** The evaluation times of a node: `count` of them, `stepMs` apart. An instant query has one. */
export interface Steps {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** The steps from `startMs` to at most `endMs`; none when the end lies before the start. */
export function stepsBetween(startMs: number, endMs: number, stepMs: number): Steps {
  const count = endMs < startMs ? 0 : Math.floor((endMs - startMs) / stepMs) + 1;
  return { startMs, stepMs, count };
}

/** The time of step `i` in Unix milliseconds. */
export function stepTimeMs(steps: Steps, i: number): number {
  return steps.startMs + i * steps.stepMs;
}

/** The time of the last step. */
export function lastStepMs(steps: Steps): number {
  return steps.startMs + (steps.count - 1) * steps.stepMs;
}

/** The first step only. */
export function firstStep(steps: Steps): Steps {
  return { ...steps, count: Math.min(steps.count, 1) };
}
