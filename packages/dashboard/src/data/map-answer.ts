import type { Answer } from "./use-answer.ts";

/** The answer with its data changed by `change`; waiting and failure stay as they are. */
export function mapAnswer<T, U>(answer: Answer<T>, change: (data: T) => U): Answer<U> {
  return answer.kind === "ready" ? { ...answer, data: change(answer.data) } : answer;
}
