import type { MetricStore } from "@avx/store";
import type { AnswerBody } from "./answer-body.ts";

export { readsOnlyThePast } from "@avx/promql";

/** Some hundred charts; what nobody asked for longest goes first. */
const DEFAULT_MAX_BYTES = 32 * 1024 * 1024;
/** A larger answer is a table that is looked at once, and it should stream. */
export const MAX_CACHED_ANSWER_BYTES = 4 * 1024 * 1024;

interface CachedAnswer {
  readonly body: AnswerBody;
  readonly mark: number;
  /** No sample after this time went into the answer. */
  readonly untilMs: number;
}

/**
 * Answers of range queries, as they were sent. Pages ask for steps that do not move between two
 * refreshes, and several people look at one page. An answer is given again only while no sample up
 * to its end has changed, so it is the one that evaluation would give.
 */
export class AnswerCache {
  readonly #metrics: Pick<MetricStore, "changesSince">;
  readonly #maxBytes: number;
  /** In the order of use, the longest unused first. */
  readonly #answers = new Map<string, CachedAnswer>();
  #bytes = 0;

  constructor(metrics: Pick<MetricStore, "changesSince">, maxBytes = DEFAULT_MAX_BYTES) {
    this.#metrics = metrics;
    this.#maxBytes = maxBytes;
  }

  /** To be taken before an evaluation whose answer is to be kept. */
  mark(): number {
    return this.#metrics.changesSince(0).mark;
  }

  find(key: string): AnswerBody | undefined {
    const answer = this.#answers.get(key);
    if (answer === undefined) return undefined;
    this.#drop(key);
    if (this.#metrics.changesSince(answer.mark).earliestMs <= answer.untilMs) return undefined;
    this.#put(key, answer);
    return answer.body;
  }

  keep(key: string, answer: CachedAnswer): void {
    this.#drop(key);
    if (answer.body.bytes.length > MAX_CACHED_ANSWER_BYTES) return;
    this.#put(key, answer);
    for (const oldest of this.#answers.keys()) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#drop(oldest);
    }
  }

  #put(key: string, answer: CachedAnswer): void {
    this.#answers.set(key, answer);
    this.#bytes += key.length + answer.body.bytes.length;
  }

  #drop(key: string): void {
    const answer = this.#answers.get(key);
    if (answer === undefined) return;
    this.#answers.delete(key);
    this.#bytes -= key.length + answer.body.bytes.length;
  }
}
