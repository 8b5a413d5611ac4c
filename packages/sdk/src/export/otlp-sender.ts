import { decodeExportResponse, type OtlpSignal } from "@avx/wire";
import type { OtlpAnswer, OtlpPost } from "./otlp-http-client.ts";
import {
  backoffMs,
  isRetryableStatus,
  MAX_ATTEMPTS,
  MAX_RETRY_AFTER_MS,
  retryAfterMs,
} from "./retry-policy.ts";
import type { SignalTarget } from "./signal-target.ts";

/** What became of one request. `rejected` items were refused by a server that took the rest. */
export type SendOutcome =
  | { readonly kind: "sent"; readonly rejected: number }
  | { readonly kind: "failed"; readonly reason: string };

/** Time, chance and the network, passed in so that tests need none of them. */
export interface SenderPorts {
  readonly compress: (body: Uint8Array) => Promise<Uint8Array>;
  readonly post: (request: OtlpPost) => Promise<OtlpAnswer>;
  /** Resolves after the wait, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly random: () => number;
  readonly nowMs: () => number;
}

/** Where one signal goes. */
export interface SenderOptions extends SignalTarget {
  readonly signal: OtlpSignal;
}

/** The headers of a request in the target's form; the target's own win. */
export function otlpHeaders({ encoding, isCompressed, headers }: SignalTarget) {
  const contentType = encoding === "json" ? "application/json" : "application/x-protobuf";
  const form = { "content-type": contentType };
  return { ...form, ...(isCompressed ? { "content-encoding": "gzip" } : {}), ...headers };
}

/**
 * Sends OTLP requests one after another, each retried as the specification allows: statuses 429,
 * 502, 503, 504 and network errors, with exponential back-off or the server's own Retry-After.
 * https://opentelemetry.io/docs/specs/otlp/#otlphttp-response. Never throws.
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
    const { url, timeoutMs, isCompressed } = this.#options;
    const headers = otlpHeaders(this.#options);
    const body = isCompressed ? await this.#ports.compress(encoded) : encoded;
    let reason = "";
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      let pauseMs = backoffMs(attempt, this.#ports.random());
      try {
        const answer = await this.#ports.post({ url, headers, body, timeoutMs });
        if (answer.status >= 200 && answer.status < 300) return this.#accepted(answer);
        reason = `HTTP ${answer.status}`;
        if (!isRetryableStatus(answer.status)) break;
        pauseMs = retryAfterMs(answer.retryAfter, this.#ports.nowMs()) ?? pauseMs;
      } catch (cause) {
        reason = networkReason(cause);
      }
      if (this.#stop.signal.aborted || pauseMs > MAX_RETRY_AFTER_MS) break;
      if (attempt < MAX_ATTEMPTS) await this.#ports.wait(pauseMs, this.#stop.signal);
    }
    return { kind: "failed", reason };
  }

  #accepted(answer: OtlpAnswer): SendOutcome {
    const { signal, encoding } = this.#options;
    try {
      const partial = decodeExportResponse(signal, encoding, answer.body);
      return { kind: "sent", rejected: partial.rejected };
    } catch {
      // A 2xx means taken, whatever its body says.
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
