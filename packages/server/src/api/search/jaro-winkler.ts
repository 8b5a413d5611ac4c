/** Winkler's weight of each common character at the beginning, up to four. */
const PREFIX_WEIGHT = 0.1;
const MAX_PREFIX = 4;

/**
 * The Jaro-Winkler similarity of two texts, from 0 to 1 (Winkler 1990, String Comparator Metrics):
 * characters that both have within half the longer length of each other, less transpositions, plus
 * a share for a common beginning.
 */
export function jaroWinkler(one: string, other: string): number {
  if (one === other) return 1;
  const [short, long] = [Array.from(one), Array.from(other)].sort((a, b) => a.length - b.length);
  if (short === undefined || long === undefined || short.length === 0) return 0;
  const { inShort, inLong } = commonCharacters(short, long);
  const matches = inShort.length;
  if (matches === 0) return 0;
  const transpositions = inShort.filter((character, i) => character !== inLong[i]).length;
  const ratios = matches / short.length + matches / long.length;
  const jaro = (ratios + (matches - transpositions / 2) / matches) / 3;
  let prefix = 0;
  while (prefix < Math.min(MAX_PREFIX, short.length) && short[prefix] === long[prefix]) prefix++;
  return jaro + prefix * PREFIX_WEIGHT * (1 - jaro);
}

/** What both have near the same place, in the order of each. */
function commonCharacters(short: readonly string[], long: readonly string[]) {
  const distance = Math.max(0, Math.floor(long.length / 2) - 1);
  const taken = new Set<number>();
  const inShort = short.filter((character, i) => {
    const last = Math.min(i + distance, long.length - 1);
    for (let k = Math.max(0, i - distance); k <= last; k++) {
      if (taken.has(k) || long[k] !== character) continue;
      taken.add(k);
      return true;
    }
    return false;
  });
  return { inShort, inLong: long.filter((_, k) => taken.has(k)) };
}
