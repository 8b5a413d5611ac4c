import type { TransferListItem } from "node:worker_threads";
import type { TimeRange } from "@avx/model";
import type { SampleChanges, SeriesReader } from "@avx/promql";
import { LabelNumbers } from "./label-numbers.ts";
import type { ReadAnswer, ReadQuestion } from "./messages.ts";
import { packSeries } from "./pack-series.ts";
import { sentError } from "./sent-error.ts";

/** Copying may keep the event loop to itself for so long. */
const TURN_MS = 5;

/** What answers a worker's questions. */
export interface ReaderServicePorts {
  readonly reader: SeriesReader;
  readonly changesSince: (mark: number) => SampleChanges;
  readonly send: (answer: ReadAnswer, transfer?: readonly TransferListItem[]) => void;
  /** Resolves after other work had its turn. */
  readonly pause: () => Promise<void>;
}

/** Asks the main thread's reader in the name of one worker. */
export class ReaderService {
  readonly #ports: ReaderServicePorts;
  readonly #numbers = new LabelNumbers();
  readonly #underWay = new Map<number, AbortController>();

  constructor(ports: ReaderServicePorts) {
    this.#ports = ports;
  }

  /** Answers by `send`; never rejects. */
  async take(question: ReadQuestion): Promise<void> {
    const { call } = question;
    if (question.type === "stopSelect") {
      this.#underWay.get(call)?.abort();
      return;
    }
    if (question.type === "changes") {
      const changes = this.#ports.changesSince(question.mark);
      this.#ports.send({ type: "changed", call, changes });
      return;
    }
    const abort = new AbortController();
    this.#underWay.set(call, abort);
    try {
      if (question.type === "estimate") await this.#estimate(question);
      else await this.#select(question, abort.signal);
    } catch (error) {
      this.#ports.send({ type: "readFailed", call, error: sentError(error) });
    } finally {
      this.#underWay.delete(call);
    }
  }

  /** Stops all reading: the worker's question is over. */
  stop(): void {
    for (const abort of this.#underWay.values()) abort.abort();
  }

  async #estimate({ call, matchers, range }: Asked): Promise<void> {
    const estimate = await this.#ports.reader.estimate(matchers, range);
    this.#ports.send({ type: "estimated", call, estimate });
  }

  async #select({ call, matchers, range }: Asked, signal: AbortSignal): Promise<void> {
    const series = await this.#ports.reader.select(matchers, range, signal);
    let turnMs = performance.now();
    for (const { parcel, isLast } of packSeries(series, this.#numbers)) {
      this.#ports.send({ type: "selected", call, parcel, isLast }, [parcel.columns]);
      if (isLast || performance.now() - turnMs < TURN_MS) continue;
      await this.#ports.pause();
      signal.throwIfAborted();
      turnMs = performance.now();
    }
  }
}

type Asked = Extract<ReadQuestion, { readonly range: TimeRange }>;
