import type { SendOutcome } from "./otlp-sender.ts";

/**
 * Says once when the export of a signal begins to fail and once when it works again: not once a
 * second while the server is away.
 */
export class ExportHealth {
  readonly #signal: string;
  readonly #report: (message: string) => void;
  #isFailing = false;

  constructor(signal: string, report: (message: string) => void) {
    this.#signal = signal;
    this.#report = report;
  }

  /** Whether the last attempt failed. */
  get isFailing(): boolean {
    return this.#isFailing;
  }

  note(outcome: SendOutcome): void {
    const isFailing = outcome.kind === "failed";
    if (isFailing === this.#isFailing) return;
    this.#isFailing = isFailing;
    if (outcome.kind === "failed") this.#report(`cannot export ${this.#signal}: ${outcome.reason}`);
    else this.#report(`export of ${this.#signal} works again`);
  }
}
