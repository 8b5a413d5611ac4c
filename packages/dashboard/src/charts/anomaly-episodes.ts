import type { AnomalyEvent, AnomalySignal } from "@avx/server/contract";

/** Findings of one signal of one service that follow each other closely: one thing to a person. */
export interface AnomalyEpisode {
  /** Steady while the episode grows: that of its first finding. */
  readonly id: string;
  /** 1 is the oldest in the list; names the episode on charts and in the table. */
  readonly number: number;
  readonly service: string;
  readonly signal: AnomalySignal;
  readonly startMs: number;
  /** `null` while it is open. */
  readonly endMs: number | null;
  /** The finding with the highest score; of equal ones, that furthest from what was expected. */
  readonly peak: AnomalyEvent;
  readonly count: number;
}

/** Findings further apart are two episodes: it is twice the minute in which an anomaly stays open. */
export const EPISODE_GAP_MS = 120_000;

/** Groups findings, in any order, to the episodes that lasted until `sinceMs` or later; newest first. */
export function anomalyEpisodes(
  events: readonly AnomalyEvent[],
  sinceMs: number,
): readonly AnomalyEpisode[] {
  const groups = new Map<string, AnomalyEvent[][]>();
  for (const event of [...events].sort((a, b) => a.timestampMs - b.timestampMs)) {
    const key = JSON.stringify([event.service, event.signal, event.metric]);
    const runs = groups.get(key) ?? [];
    groups.set(key, runs);
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run && last && event.timestampMs - lastMoment(last) <= EPISODE_GAP_MS) run.push(event);
    else runs.push([event]);
  }
  const episodes = [...groups.values()]
    .flat()
    .map(toEpisode)
    .filter(({ endMs }) => endMs === null || endMs >= sinceMs);
  episodes.sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
  return episodes.map((episode, i) => ({ ...episode, number: i + 1 })).reverse();
}

function toEpisode(run: readonly AnomalyEvent[]): AnomalyEpisode {
  // Runs are made with their first event, so they are never empty.
  const first = run[0]!;
  const peak = run.reduce((worst, event) => (isWorse(event, worst) ? event : worst), first);
  return {
    id: first.id,
    number: 0,
    service: first.service,
    signal: first.signal,
    startMs: first.timestampMs,
    endMs: run.some(({ endMs }) => endMs === null) ? null : Math.max(...run.map(lastMoment)),
    peak,
    count: run.length,
  };
}

function isWorse(one: AnomalyEvent, other: AnomalyEvent): boolean {
  if (one.score !== other.score) return one.score > other.score;
  return distanceOf(one) > distanceOf(other);
}

/** How far a finding lies outside of its expected range; 0 inside, or when there is none. */
function distanceOf({ peakValue, expectedLower, expectedUpper }: AnomalyEvent): number {
  return Math.max(
    0,
    peakValue - (expectedUpper ?? peakValue),
    (expectedLower ?? peakValue) - peakValue,
  );
}

/** Until when a finding is known to have lasted; an open one joins all that follows. */
function lastMoment({ endMs, timestampMs }: AnomalyEvent): number {
  return endMs === null ? Number.POSITIVE_INFINITY : Math.max(endMs, timestampMs);
}
