/** Longest digit run that is compared as a number; longer ones do not fit Go's integers. */
const MAX_DIGITS = 18;

/**
 * Whether `a` comes before `b` in natural order, where runs of digits count as numbers (`i2` before
 * `i10`). Of two texts, one the beginning of the other, the shorter comes first.
 */
export function naturallyBefore(a: string, b: string): boolean {
  const left = chunks(a);
  const right = chunks(b);
  for (let i = 0; i < left.length; i++) {
    const mine = left[i]!;
    const other = right[i];
    if (other === undefined) return false;
    const mineNumber = asNumber(mine);
    const otherNumber = asNumber(other);
    const numeric = mineNumber !== undefined && otherNumber !== undefined;
    if (numeric ? mineNumber === otherNumber : mine === other) {
      if (i === left.length - 1) return true;
      continue;
    }
    return numeric ? mineNumber < otherNumber : mine < other;
  }
  return left.length === 0 && right.length > 0;
}

function chunks(text: string): readonly string[] {
  return text.match(/\d+|\D+/g) ?? [];
}

function asNumber(chunk: string): bigint | undefined {
  return /^\d+$/.test(chunk) && chunk.length <= MAX_DIGITS ? BigInt(chunk) : undefined;
}
