import type { FitOptions, FitPool } from "./fit-pool.ts";
import type { FitAnswer, FitJob } from "./run-fit.ts";

/** Pages ask again every few seconds, a step lasts a minute: some hundred series are in use. */
const MAX_KEPT = 300;

/**
 * Remembers answers: the same series with the same options has the same forecast. Who asks for one
 * that is being made waits for it.
 */
export function withFitCache(fits: FitPool): FitPool {
  const kept = new Map<string, Promise<FitAnswer>>();
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
      const made = fits.fit(job, { urgent: options.urgent });
      kept.set(key, made);
      made.catch(() => kept.delete(key));
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return made;
    },
    close: () => fits.close(),
  };
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
