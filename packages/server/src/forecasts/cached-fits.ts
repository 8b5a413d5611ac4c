import type { ForecastChoice } from "@avx/analysis";
import type { FitOptions, FitPool } from "./fit-pool.ts";
import type { FitAnswer, FitJob } from "./run-fit.ts";

/** Pages ask again every few seconds, a step lasts a minute: some hundred series are in use. */
const MAX_KEPT = 300;

/**
 * Remembers answers: the same series with the same options has the same forecast. Who asks for one
 * that is being made waits for it. Automatic forecasts of the same `identity` reuse the choice of the
 * one before while it is good, so that a history that goes on is fitted without a new search.
 */
export function withFitCache(fits: FitPool): FitPool {
  const kept = new Map<string, Promise<FitAnswer>>();
  const choices = new Map<string, ForecastChoice>();
  return {
    size: fits.size,
    fit(job, options: FitOptions) {
      const key = keyOf(job);
      const known = kept.get(key);
      if (known !== undefined) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      // Others may wait for it as well, so it is made whether or not this one still waits.
      const { urgent, identity } = options;
      const made = withChoice({ choices, identity }, job, (warm) => fits.fit(warm, { urgent }));
      kept.set(key, made);
      made.catch(() => kept.delete(key));
      dropOldest(kept);
      return made;
    },
    close: () => fits.close(),
  };
}

interface Known {
  readonly choices: Map<string, ForecastChoice>;
  readonly identity: string | undefined;
}

/** `autoForecast` says itself whether a choice is still good. */
async function withChoice(
  { choices, identity }: Known,
  job: FitJob,
  fit: (job: FitJob) => Promise<FitAnswer>,
): Promise<FitAnswer> {
  if (identity === undefined || job.kind !== "auto") return fit(job);
  const choice = choices.get(identity);
  const answer = await fit({ ...job, options: { ...job.options, choice } });
  if (answer.kind === "auto" && answer.found.choice !== undefined) {
    choices.delete(identity);
    choices.set(identity, answer.found.choice);
    dropOldest(choices);
  }
  return answer;
}

function dropOldest(entries: Map<string, unknown>): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= MAX_KEPT) break;
    entries.delete(oldest);
  }
}

function keyOf({ series, ...job }: FitJob): string {
  const { timestampsMs, values } = series;
  const ends = [values.length, timestampsMs[0], timestampsMs.at(-1), values.at(-1)];
  return JSON.stringify([job, ends, hashOf(timestampsMs), hashOf(values)]);
}

/** FNV-1a over the 32-bit words of a column, from two starts: 64 bits. */
function hashOf(column: Float64Array): string {
  const words = new Uint32Array(column.slice().buffer);
  let first = 0x811c9dc5;
  let second = 0x01234567;
  for (const word of words) {
    first = Math.imul(first ^ word, 0x01000193);
    second = Math.imul(second ^ (word >>> 16) ^ (word << 16), 0x01000193);
  }
  return `${first >>> 0}.${second >>> 0}`;
}
