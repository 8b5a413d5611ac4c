/**
 * Functions whose visits cost more than the 10 ns that limits and routing reckon with, and how many
 * times more: `mad_over_time` takes up to 37 ns where windows share little and two selections are
 * due in each. Measured over 20 series of a day.
 */
const WEIGHTS: ReadonlyMap<string, number> = new Map([["mad_over_time", 4]]);

/** How many plain visits a sample in a window of this function counts for; 1 for most. */
export function visitWeight(name: string): number {
  return WEIGHTS.get(name) ?? 1;
}
