import { PIECES_AHEAD } from "./limits.ts";
import type { FromWorker } from "./messages.ts";

/** How long text is made at a stretch before messages are looked at. */
const TURN_MS = 10;

/** What the outlet needs of its worker. */
export interface OutletPorts {
  readonly send: (message: FromWorker, transfer?: readonly ArrayBuffer[]) => void;
  /** Resolves after messages had their turn. */
  readonly pause: () => Promise<void>;
}

/** Sends the text of one answer in pieces, never far ahead of who takes it. Worker's side. */
export class AnswerOutlet {
  readonly #ports: OutletPorts;
  #ahead = 0;
  #wake: (() => void) | undefined;

  constructor(ports: OutletPorts) {
    this.#ports = ports;
  }

  /** So many pieces were taken. */
  taken(pieces: number): void {
    this.#ahead -= pieces;
    this.#wake?.();
  }

  /** Resolves when the last piece is sent; rejects with the reason of `signal`. */
  async send(pieces: Iterable<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<void> {
    let turnMs = performance.now();
    for (const bytes of pieces) {
      this.#ahead++;
      this.#ports.send({ type: "piece", bytes }, [bytes.buffer]);
      if (this.#ahead >= PIECES_AHEAD) await this.#whenTaken(signal);
      else if (performance.now() - turnMs > TURN_MS) await this.#ports.pause();
      else continue;
      signal.throwIfAborted();
      turnMs = performance.now();
    }
  }

  async #whenTaken(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    this.#wake = undefined;
  }
}
