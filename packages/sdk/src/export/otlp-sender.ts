import { decodeExportResponse, type OtlpEncoding, type OtlpSignal } from "@avx/wire";
import type { OtlpReply } from "./otlp-reply.ts";
import { backoffMs, MAX_ATTEMPTS, MAX_RETRY_AFTER_MS } from "./retry-policy.ts";

/** What became of one request. `rejected` items were refused by a server that took the rest. */
export type SendOutcome =
  | { readonly kind: "sent"; readonly rejected: number }
  | { readonly kind: "failed"; readonly reason: string };

/** Time, chance and the network, passed in so that tests need none of them. */
export interface SenderPorts {
  readonly compress: (body: Uint8Array) => Promise<Uint8Array>;
  /** One attempt of at most `limitMs`. Rejects on a network failure and on a timeout. */
  readonly attempt: (body: Uint8Array, limitMs: number) => Promise<OtlpReply>;
  /** Resolves after the wait, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  /** Of a clock that is never set back. */
  readonly nowMs: () => number;
}

/** What one sender carries. */
export interface SenderOptions {
  readonly signal: OtlpSignal;
  readonly encoding: OtlpEncoding;
  readonly isCompressed: boolean;
  /** For one request with all its attempts and pauses; Infinity = any. */
  readonly exportTimeoutMs: number;
}

/**
 * Sends OTLP requests one after another, each retried as the specification allows, and after network
 * errors, with exponential back-off or the pause that the server asks for. Never throws.
 */
export class OtlpSender {
  readonly #options: SenderOptions;
  readonly #ports: SenderPorts;
  readonly #stop = new AbortController();

  constructor(options: SenderOptions, ports: SenderPorts) {
    this.#options = options;
    this.#ports = ports;
  }

  /** Makes waits return at once: from now on each request gets one last attempt. */
  hurry(): void {
    this.#stop.abort();
  }

  async send(encoded: Uint8Array): Promise<SendOutcome> {
    const body = this.#options.isCompressed ? await this.#ports.compress(encoded) : encoded;
    const { nowMs } = this.#ports;
    const endMs = nowMs() + this.#options.exportTimeoutMs;
    let reason = "";
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      let pauseMs = backoffMs(attempt, this.#ports.random());
      try {
        const reply = await this.#ports.attempt(body, endMs - nowMs());
        if (reply.kind === "taken") return this.#accepted(reply.body);
        reason = reply.reason;
        if (reply.isFinal) break;
        pauseMs = reply.retryAfterMs ?? pauseMs;
      } catch (cause) {
        reason = networkReason(cause);
      }
      const isTooLong = pauseMs > MAX_RETRY_AFTER_MS || nowMs() + pauseMs >= endMs;
      if (this.#stop.signal.aborted || isTooLong) break;
      if (attempt < MAX_ATTEMPTS) await this.#ports.wait(pauseMs, this.#stop.signal);
    }
    return { kind: "failed", reason };
  }

  #accepted(answer: Uint8Array): SendOutcome {
    const { signal, encoding } = this.#options;
    try {
      const partial = decodeExportResponse(signal, encoding, answer);
      return { kind: "sent", rejected: partial.rejected };
    } catch {
      // Taken is taken, whatever the body says.
      return { kind: "sent", rejected: 0 };
    }
  }
}

function networkReason(cause: unknown): string {
  if (!(cause instanceof Error)) return "network error";
  if (cause.name === "TimeoutError" || cause.name === "AbortError") return "timeout";
  const code = "code" in cause ? cause.code : undefined;
  return typeof code === "string" ? code : cause.name;
}
