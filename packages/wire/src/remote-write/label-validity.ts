import { type Labels, labelsFromPairs, labelsFromSorted, METRIC_NAME } from "@avx/model";

/**
 * Labels from name/value texts as remote write sends them: sorted by name, no empty or repeated
 * name, a metric name among them. Undefined when a rule is broken. A label with an empty value is
 * no label in Prometheus' model and is left out.
 */
export function checkedLabels(flat: string[]): Labels | undefined {
  let hasName = false;
  let needsRebuild = false;
  for (let i = 0; i < flat.length; i += 2) {
    const name = flat[i]!;
    if (name === "") return undefined;
    if (i > 0) {
      const previous = flat[i - 2]!;
      if (previous >= name) {
        if (compareCodePoints(previous, name) >= 0) return undefined;
        needsRebuild = true;
      }
    }
    if (flat[i + 1] === "") needsRebuild = true;
    else if (name === METRIC_NAME) hasName = true;
  }
  if (!hasName) return undefined;
  return needsRebuild ? labelsFromPairs(pairs(flat)) : labelsFromSorted(flat);
}

/** Senders sort by UTF-8 bytes, which is code point order; JavaScript's `<` is by UTF-16 units. */
function compareCodePoints(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const difference = (left[i]!.codePointAt(0) ?? 0) - (right[i]!.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function* pairs(flat: readonly string[]): Generator<readonly [string, string]> {
  for (let i = 0; i < flat.length; i += 2) yield [flat[i]!, flat[i + 1]!];
}
