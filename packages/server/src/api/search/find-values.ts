import { jaroWinkler } from "./jaro-winkler.ts";
import type { SearchParameters } from "./search-parameters.ts";
import { subsequenceScore } from "./subsequence-score.ts";

/** A value that was found, and how well it matches, 0 to 1. */
export interface FoundValue {
  readonly value: string;
  readonly score: number;
}

/** What the search asks for among sorted values, in the order that it asks for; not cut yet. */
export function findValues(
  values: readonly string[],
  parameters: Omit<SearchParameters, "selectors" | "range">,
): readonly FoundValue[] {
  const { terms, order, caseSensitive } = parameters;
  if (terms.length === 0) {
    const all = values.map((value) => ({ value, score: 1 }));
    return order === "descending" ? all.reverse() : all;
  }
  const fold = (text: string): string => (caseSensitive ? text : text.toLowerCase());
  const folded = terms.map(fold);
  const found: FoundValue[] = [];
  for (const value of values) {
    const score = bestScore(fold(value), folded, parameters);
    if (score !== undefined) found.push({ value, score });
  }
  if (order === "descending") return found.reverse();
  // The sort is stable, so equal scores stay in the order of their values.
  return order === "score" ? found.sort((a, b) => b.score - a.score) : found;
}

function bestScore(
  value: string,
  terms: readonly string[],
  { algorithm, threshold }: Pick<SearchParameters, "algorithm" | "threshold">,
): number | undefined {
  let best: number | undefined;
  const scoreOf = algorithm === "subsequence" ? bySubsequence : byLikeness;
  for (const term of terms) {
    const score = scoreOf(term, value, threshold);
    if (score !== undefined && (best === undefined || score > best)) best = score;
    if (best === 1) return best;
  }
  return best;
}

function bySubsequence(term: string, value: string, threshold: number): number | undefined {
  if (value.startsWith(term)) return 1;
  const score = subsequenceScore(term, value);
  return score > 0 && score >= threshold ? score : undefined;
}

/** A literal match counts by where it begins; likeness only when a threshold is set. */
function byLikeness(term: string, value: string, threshold: number): number | undefined {
  const at = value.indexOf(term);
  if (at === 0) return 1;
  if (at > 0) {
    const before = Array.from(value.slice(0, at)).length;
    return 1 - (0.9 * before) / (Array.from(value).length - Array.from(term).length);
  }
  if (threshold === 0) return undefined;
  const score = jaroWinkler(term, value);
  return score >= threshold ? score : undefined;
}
