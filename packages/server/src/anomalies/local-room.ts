import type { JointOpinion } from "../contract.ts";
import { createDetectorBank } from "./detector-bank.ts";
import { createJointWatches } from "./joint-watches.ts";
import {
  createSeriesWatch,
  PAGE_SCORE,
  type SeriesWatch,
  type WatchAnswer,
  type WatchState,
} from "./series-watch.ts";
import { readStates, writeStates } from "./state-file.ts";
import type {
  AddedWatch,
  JudgedColumns,
  RestoredRoom,
  RestoredWatch,
  SampleColumns,
  WatchChange,
  WatchRoom,
} from "./watch-messages.ts";

/** Watches in the thread that calls; the same in a worker is `createThreadRoom`. */
export function createLocalRoom(): WatchRoom {
  return new LocalRoom();
}

class LocalRoom implements WatchRoom {
  readonly #bank = createDetectorBank();
  readonly #watches: SeriesWatch[] = [];
  readonly #thresholds: number[] = [];
  readonly #joint = createJointWatches((id) => this.#watches[id]?.series);

  async judge(added: readonly AddedWatch[], samples: SampleColumns): Promise<JudgedColumns> {
    this.#add(added);
    const { ids, timestampsMs, values, requests } = samples;
    const { length } = ids;
    const opinions = this.#joint.judge(samples);
    const column = () => new Float64Array(length);
    const judged = { scores: column(), lower: column(), upper: column() };
    const changes: WatchChange[] = [];
    for (let i = 0; i < length; i++) {
      const [id, timestampMs, value] = [ids[i]!, timestampsMs[i]!, values[i]!];
      const behind = requests?.[i] ?? Number.NaN;
      const known = Number.isNaN(behind) ? {} : { requests: behind };
      const threshold = this.#thresholds[id] ?? PAGE_SCORE;
      const watch = this.#watches[id]!;
      const answer = watch.push({ timestampMs, value, ...known }, threshold);
      judged.scores[i] = answer.verdict.score;
      judged.lower[i] = answer.verdict.expectedLower;
      judged.upper[i] = answer.verdict.expectedUpper;
      changes.push(...changeOf(withOpinion(watch, answer, opinions)));
    }
    return { ...judged, changes };
  }

  async learn(added: readonly AddedWatch[], samples: SampleColumns): Promise<void> {
    this.#add(added);
    this.#joint.judge(samples);
    const { ids, timestampsMs, values } = samples;
    ids.forEach((id, i) => {
      this.#watches[id]!.learn(timestampsMs[i]!, values[i]!);
    });
  }

  async silence(ids: readonly number[], nowMs: number): Promise<readonly WatchChange[]> {
    return ids.flatMap((id) => changeOf(this.#watches[id]!.silence(nowMs)));
  }

  setThreshold(id: number, threshold: number): void {
    this.#thresholds[id] = threshold;
  }

  save(path: string, savedMs: number): Promise<void> {
    return writeStates(path, this.#states(), savedMs);
  }

  async restore(path: string, most: number): Promise<RestoredRoom> {
    const watches: RestoredWatch[] = [];
    let damaged = 0;
    for await (const state of readStates(path)) {
      if ("joint" in state) {
        if (!this.#joint.restore(state)) damaged++;
        continue;
      }
      if (watches.length >= most) break;
      const watch = this.#revived(state);
      if (watch === undefined) {
        damaged++;
        continue;
      }
      const id = this.#watches.push(watch) - 1;
      const { series, lastMs, open } = watch;
      watches.push({ id, series, lastMs, openId: open?.id });
    }
    return { watches, damaged };
  }

  async close(): Promise<void> {}

  /** Undefined when a line of the file is not what was written: only its series starts anew. */
  #revived(state: WatchState): SeriesWatch | undefined {
    try {
      const watch = createSeriesWatch(state.series, this.#bank);
      watch.restore(state);
      return watch;
    } catch {
      return undefined;
    }
  }

  *#states() {
    // First: who reads stops at the first watch that there is no room for.
    yield* this.#joint.states();
    for (const watch of this.#watches) yield watch.save();
  }

  #add(added: readonly AddedWatch[]): void {
    for (const { id, series, threshold } of added) {
      this.#watches[id] = createSeriesWatch(series, this.#bank);
      this.#thresholds[id] = threshold;
    }
  }
}

/** The answer with the second opinion on the event that is open now, if that changes it. */
function withOpinion(
  watch: SeriesWatch,
  answer: WatchAnswer,
  opinions: ReadonlyMap<string, JointOpinion>,
): WatchAnswer {
  const { service, signal } = watch.series;
  const joint = signal === "metric" ? undefined : opinions.get(service);
  if (joint === undefined || !watch.hear(joint) || watch.open === undefined) return answer;
  const change = answer.change === "none" ? "peaked" : answer.change;
  return { ...answer, change, event: watch.open };
}

function changeOf({ change, event }: WatchAnswer): WatchChange[] {
  return change === "none" || event === undefined ? [] : [{ change, event }];
}
