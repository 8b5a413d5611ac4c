import type { JointOpinion } from "../contract.ts";
import {
  createJointWatch,
  JOINT_SIGNALS,
  type JointState,
  type JointWatch,
} from "./joint-watch.ts";
import type { WatchedSeries } from "./series-watch.ts";
import type { SampleColumns } from "./watch-messages.ts";

/** Judges the golden signals of every service together, from the samples that their watches get. */
export interface JointWatches {
  /** Takes in the golden signals among the samples; says what is thought of the newest moments. */
  judge(samples: SampleColumns): ReadonlyMap<string, JointOpinion>;
  states(): Iterable<JointState>;
  /** False for a state that cannot be read: its service begins anew. */
  restore(state: JointState): boolean;
}

/** Knows no service yet; `seriesOf` tells which series a sample is of. */
export function createJointWatches(
  seriesOf: (id: number) => WatchedSeries | undefined,
): JointWatches {
  const watches = new Map<string, JointWatch>();
  return {
    judge(samples) {
      const opinions = new Map<string, JointOpinion>();
      for (const [service, moments] of momentsOf(samples, seriesOf)) {
        const watch = watches.get(service) ?? createJointWatch();
        watches.set(service, watch);
        for (const [timestampMs, values] of [...moments].sort(([a], [b]) => a - b)) {
          const opinion = watch.push(timestampMs, values);
          if (opinion === undefined) opinions.delete(service);
          else opinions.set(service, opinion);
        }
      }
      return opinions;
    },
    *states() {
      for (const [service, watch] of watches) {
        const state = watch.save();
        if (state !== undefined) yield { service, ...state };
      }
    },
    restore(state) {
      const watch = createJointWatch();
      try {
        watch.restore(state);
      } catch {
        return false;
      }
      watches.set(state.service, watch);
      return true;
    },
  };
}

/** By service and time, in the order of `JOINT_SIGNALS`; `NaN` where a signal has no sample. */
function momentsOf(
  { ids, timestampsMs, values }: SampleColumns,
  seriesOf: (id: number) => WatchedSeries | undefined,
): ReadonlyMap<string, ReadonlyMap<number, Float64Array>> {
  const byService = new Map<string, Map<number, Float64Array>>();
  for (let i = 0; i < ids.length; i++) {
    const series = seriesOf(ids[i]!);
    if (series === undefined || series.signal === "metric") continue;
    const moments = byService.get(series.service) ?? new Map<number, Float64Array>();
    byService.set(series.service, moments);
    const timestampMs = timestampsMs[i]!;
    const moment = moments.get(timestampMs) ?? new Float64Array(JOINT_SIGNALS.length).fill(NaN);
    moments.set(timestampMs, moment);
    moment[JOINT_SIGNALS.indexOf(series.signal)] = values[i]!;
  }
  return byService;
}
