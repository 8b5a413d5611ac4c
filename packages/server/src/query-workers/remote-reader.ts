import type { LabelledSeries, Matcher, TimeRange } from "@avx/model";
import type { SampleChanges, SelectionEstimate, SeriesReader } from "@avx/promql";
import type { ReadAnswer, ReadQuestion } from "./messages.ts";
import { receivedError } from "./sent-error.ts";
import { ParcelReader } from "./unpack-series.ts";

/** What came back; what was asked for is there. */
interface Found {
  readonly series: readonly LabelledSeries[];
  readonly estimate?: SelectionEstimate;
  readonly changes?: SampleChanges;
}

interface Call {
  readonly series: LabelledSeries[];
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/** The reader of a worker's engine: each question goes to the main thread by message. */
export class RemoteReader implements SeriesReader {
  readonly #send: (question: ReadQuestion) => void;
  readonly #calls = new Map<number, Call>();
  readonly #parcels = new ParcelReader();
  #last = 0;

  constructor(send: (question: ReadQuestion) => void) {
    this.#send = send;
  }

  async select(
    matchers: readonly Matcher[],
    range: TimeRange,
    signal: AbortSignal,
  ): Promise<readonly LabelledSeries[]> {
    signal.throwIfAborted();
    const call = ++this.#last;
    const stop = (): void => {
      this.#calls.get(call)?.reject(signal.reason);
      this.#calls.delete(call);
      this.#send({ type: "stopSelect", call });
    };
    signal.addEventListener("abort", stop);
    try {
      return (await this.#ask({ type: "select", call, matchers, range })).series;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async estimate(matchers: readonly Matcher[], range: TimeRange): Promise<SelectionEstimate> {
    const call = ++this.#last;
    const { estimate } = await this.#ask({ type: "estimate", call, matchers, range });
    return estimate ?? { series: 0, samples: 0 };
  }

  /** What has changed in the main thread's storage since a mark. */
  async changesSince(mark: number): Promise<SampleChanges> {
    const { changes } = await this.#ask({ type: "changes", call: ++this.#last, mark });
    return changes ?? { mark, earliestMs: Number.NEGATIVE_INFINITY };
  }

  #ask(question: ReadQuestion): Promise<Found> {
    return new Promise((resolve, reject) => {
      this.#calls.set(question.call, { series: [], resolve, reject });
      this.#send(question);
    });
  }

  /** Takes what the main thread says. Parcels count even when nobody waits: they bring labels. */
  take(answer: ReadAnswer): void {
    const series = answer.type === "selected" ? this.#parcels.unpack(answer.parcel) : [];
    const call = this.#calls.get(answer.call);
    if (call === undefined) return;
    if (answer.type === "selected") {
      for (const one of series) call.series.push(one);
      if (!answer.isLast) return;
      call.resolve({ series: call.series });
    } else if (answer.type === "estimated") call.resolve({ series, estimate: answer.estimate });
    else if (answer.type === "changed") call.resolve({ series, changes: answer.changes });
    else call.reject(receivedError(answer.error));
    this.#calls.delete(answer.call);
  }
}
