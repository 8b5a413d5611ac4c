import type { Answer } from "./use-answer.ts";

/**
 * Several answers as one: failed when one failed, awaited while one is awaited, else all data with
 * the age of the oldest.
 */
export function combineAnswers<T>(answers: readonly Answer<T>[]): Answer<readonly T[]> {
  const data: T[] = [];
  let receivedMs = Number.POSITIVE_INFINITY;
  let failure = null;
  for (const answer of answers) {
    if (answer.kind === "error") return answer;
    if (answer.kind === "loading") continue;
    data.push(answer.data);
    receivedMs = Math.min(receivedMs, answer.receivedMs);
    failure ??= answer.failure;
  }
  const waiting = answers.find((answer) => answer.kind === "loading");
  return waiting?.kind === "loading" ? waiting : { kind: "ready", data, receivedMs, failure };
}
