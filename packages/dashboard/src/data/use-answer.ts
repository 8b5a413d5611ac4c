import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, type ApiFailure, type ApiRequest, ask, requestUrl } from "./api-client.ts";

/** What is known of an answer. A failed refresh keeps the last data and says so in `failure`. */
export type Answer<T> =
  | { readonly kind: "loading"; readonly sinceMs: number }
  | { readonly kind: "error"; readonly failure: ApiFailure }
  | Ready<T>;

/** An answer that came, and why the refresh after it failed, if it did. */
export interface Ready<T> {
  readonly kind: "ready";
  readonly data: T;
  readonly receivedMs: number;
  readonly failure: ApiFailure | null;
}

/** Answers kept so that Back shows the view before at once: about ten pages of eight queries. */
const MAX_KEPT = 80;
const kept = new Map<string, Ready<unknown>>();

/** When to ask again: a change of `always` does, one of `afterFailure` when the last answer failed. */
export interface Turns {
  readonly always: number;
  readonly afterFailure: number;
}

/**
 * The answer of `request`. `subject` says what the answer is about: while it stays the same, a
 * changed request or turn refreshes in the background and the old data stays; when it changes,
 * loading begins anew. A turn that comes while an answer is still awaited is left out, so that a
 * slow server is not asked faster than it answers.
 */
export function useAnswer<T>(
  subject: string,
  request: ApiRequest<T> | null,
  turns: Turns,
): Answer<T> {
  const [state, setState] = useState<{ subject: string; answer: Answer<T> }>(() => ({
    subject,
    answer: firstAnswer(subject),
  }));
  const flight = useRef<AbortController | null>(null);
  const url = request === null ? "" : requestUrl(request);
  const hasFailed =
    state.answer.kind === "error" ||
    (state.answer.kind === "ready" && state.answer.failure !== null);
  const retry = hasFailed ? turns.afterFailure : 0;
  useEffect(() => {
    setState((before) =>
      before.subject === subject ? before : { subject, answer: firstAnswer(subject) },
    );
    return () => {
      flight.current?.abort();
      flight.current = null;
    };
  }, [subject]);
  useEffect(() => {
    if (request === null || flight.current !== null) return;
    const abort = new AbortController();
    flight.current = abort;
    void fetchAnswer(subject, request, abort.signal).then((answer) => {
      if (answer === null) return;
      flight.current = null;
      setState({ subject, answer });
    });
  }, [subject, url, turns.always, retry]);
  return state.subject === subject ? state.answer : firstAnswer(subject);
}

/** The next answer, or `null` when `signal` ended it. */
async function fetchAnswer<T>(
  subject: string,
  request: ApiRequest<T>,
  signal: AbortSignal,
): Promise<Answer<T> | null> {
  try {
    const data = await ask(request, signal);
    const ready: Ready<T> = { kind: "ready", data, receivedMs: Date.now(), failure: null };
    if (!signal.aborted) keep(subject, ready);
    return signal.aborted ? null : ready;
  } catch (cause) {
    if (signal.aborted) return null;
    const failure = toFailure(cause);
    const before = firstAnswer<T>(subject);
    return before.kind === "ready" ? { ...before, failure } : { kind: "error", failure };
  }
}

function firstAnswer<T>(subject: string): Answer<T> {
  // A subject is asked for by one hook with one type, so what is kept under it has that type.
  return (kept.get(subject) as Answer<T> | undefined) ?? { kind: "loading", sinceMs: Date.now() };
}

function keep(subject: string, ready: Ready<unknown>): void {
  kept.delete(subject);
  kept.set(subject, ready);
  if (kept.size > MAX_KEPT) {
    const [oldest] = kept.keys();
    if (oldest !== undefined) kept.delete(oldest);
  }
}

function toFailure(cause: unknown): ApiFailure {
  return cause instanceof ApiError
    ? cause.failure
    : { kind: "answer", status: 0, detail: String(cause) };
}

/** The data of an answer, or `null` while there is none. */
export function dataOf<T>(answer: Answer<T>): T | null {
  return answer.kind === "ready" ? answer.data : null;
}
