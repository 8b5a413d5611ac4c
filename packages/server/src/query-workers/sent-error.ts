import { AvxError } from "@avx/model";
import type { SentError } from "./messages.ts";

/** What is left of an error when it crosses to another thread. */
export function sentError(error: unknown): SentError {
  if (error instanceof AvxError) return { kind: "avx", code: error.code, facts: error.facts };
  return { kind: "other", text: error instanceof Error ? `${error.stack}` : String(error) };
}

/** The error on the other side: of the same code and facts, or one that is nobody's fault but ours. */
export function receivedError(sent: SentError): Error {
  return sent.kind === "avx" ? new AvxError(sent.code, sent.facts) : new Error(sent.text);
}
