/** Facts of one error: which parameter, which limit, which value. Shown to the caller as they are. */
export type AnalysisErrorFacts = Readonly<Record<string, string | number | boolean>>;

/** Every error code of this package with its message template; `{fact}` is filled in. */
export const ANALYSIS_ERROR_TABLE = {
  /** Too few samples for the question asked; facts: `have`, `needed`. */
  insufficient_data: "{have} samples are too few, at least {needed} are needed",
  /** A parameter outside its domain; facts: `parameter`, `reason`. */
  invalid_parameter: "{parameter}: {reason}",
  /** Timestamps that do not ascend, or columns of different lengths; facts: `index`, `reason`. */
  invalid_series: "the series is not valid at index {index}: {reason}",
  /** An estimate that did not settle; facts: `method`, `iterations`. */
  not_converged: "{method} did not converge in {iterations} iterations",
  /** A saved state that cannot be restored; facts: `reason`. */
  invalid_state: "the saved state cannot be restored: {reason}",
} as const satisfies Record<string, string>;

/** The stable code of an `AnalysisError`. */
export type AnalysisErrorCode = keyof typeof ANALYSIS_ERROR_TABLE;

/** The one error type of this package. The message is derived from the code and the facts. */
export class AnalysisError extends Error {
  override readonly name = "AnalysisError";
  readonly code: AnalysisErrorCode;
  readonly facts: AnalysisErrorFacts;

  constructor(code: AnalysisErrorCode, facts: AnalysisErrorFacts = {}, options?: ErrorOptions) {
    super(fillTemplate(ANALYSIS_ERROR_TABLE[code], facts), options);
    this.code = code;
    this.facts = facts;
  }
}

function fillTemplate(template: string, facts: AnalysisErrorFacts): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) =>
    Object.hasOwn(facts, name) ? String(facts[name]) : `{${name}}`,
  );
}

/** Throws `invalid_parameter` unless `value` is a whole number of at least `minimum`. */
export function requireInteger(parameter: string, value: number, minimum: number): void {
  if (Number.isSafeInteger(value) && value >= minimum) return;
  const reason = `must be a whole number of at least ${minimum}, got ${value}`;
  throw new AnalysisError("invalid_parameter", { parameter, reason });
}

/** Throws `invalid_parameter` unless `value` is a finite number above 0. */
export function requirePositive(parameter: string, value: number): void {
  if (Number.isFinite(value) && value > 0) return;
  const reason = `must be a finite number above 0, got ${value}`;
  throw new AnalysisError("invalid_parameter", { parameter, reason });
}

/** Throws `invalid_parameter` unless `0 <= value <= 1`. */
export function requireUnitInterval(parameter: string, value: number): void {
  if (value >= 0 && value <= 1) return;
  const reason = `must lie between 0 and 1, got ${value}`;
  throw new AnalysisError("invalid_parameter", { parameter, reason });
}
