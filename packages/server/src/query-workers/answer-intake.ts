/** The pieces of an answer on their way from a worker to a client. Main thread's side. */
export class AnswerIntake {
  readonly #onTaken: () => void;
  readonly #onLeft: () => void;
  readonly #pieces: Uint8Array[] = [];
  #state: "open" | "done" | { readonly error: Error } = "open";
  #wake: (() => void) | undefined;

  /** `onTaken` is called for each piece that was taken, `onLeft` when nobody wants the rest. */
  constructor(onTaken: () => void, onLeft: () => void) {
    this.#onTaken = onTaken;
    this.#onLeft = onLeft;
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#wake?.();
  }

  /** No more comes: the answer is complete, or it is not because of `error`. */
  end(error?: Error): void {
    if (this.#state !== "open") return;
    this.#state = error ? { error } : "done";
    this.#wake?.();
  }

  /** All pieces in their order, once; throws what `end` was given. */
  async *read(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for (;;) {
        const piece = this.#pieces.shift();
        if (piece !== undefined) {
          this.#onTaken();
          yield piece;
        } else if (this.#state === "done") return;
        else if (this.#state !== "open") throw this.#state.error;
        else await this.#more();
      }
    } finally {
      if (this.#state === "open") this.#onLeft();
    }
  }

  async #more(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
