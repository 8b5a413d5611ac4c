/** A match that is not the text itself scores a little less than one that is. */
const INEXACT = 0.999;

/**
 * How well the characters of `pattern` appear in `text` in their order, from 0 (they do not) to 1
 * (they are the text): the squares of the unbroken runs, less the share of the text that lies before
 * and between them, and half of what lies behind (Prometheus 3.14, `strutil.SubsequenceMatcher`).
 * Every start is tried, greedily from there. "" matches anything with 1.
 */
export function subsequenceScore(pattern: string, text: string): number {
  if (pattern === "" || pattern === text) return 1;
  const wanted = Array.from(pattern);
  const given = Array.from(text);
  let best = Number.NEGATIVE_INFINITY;
  for (let start = 0; start <= given.length - wanted.length; start++) {
    if (given[start] !== wanted[0]) continue;
    const score = scoreFrom(start, wanted, given);
    // What cannot be completed from here cannot be from any later start.
    if (score === undefined) break;
    best = Math.max(best, score);
  }
  return best < 0 ? 0 : (best / wanted.length ** 2) * INEXACT;
}

function scoreFrom(
  start: number,
  wanted: readonly string[],
  given: readonly string[],
): number | undefined {
  let score = 0;
  let found = 0;
  let end = 0;
  for (let at = start; found < wanted.length; at++) {
    if (at >= given.length) return undefined;
    if (given[at] !== wanted[found]) continue;
    const from = at;
    while (found < wanted.length && at < given.length && given[at] === wanted[found]) {
      at++;
      found++;
    }
    score += (at - from) ** 2 - (from - end) / given.length;
    end = at;
  }
  return score - (given.length - end) / (2 * given.length);
}
