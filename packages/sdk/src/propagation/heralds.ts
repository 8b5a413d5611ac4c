/** Without one of these headers no format reads a span, and there is no baggage. */
const HERALDS = new Set(["traceparent", "b3", "x-b3-traceid", "uber-trace-id", "baggage"]);
const LONGEST = 13;
/** Bit n is set when a herald has n letters: most names are told apart by that alone. */
const LENGTHS = [...HERALDS].reduce((bits, { length }) => bits | (1 << length), 0);

/**
 * Whether headers, names and values alternating as Node keeps them, may carry a caller's trace or
 * baggage. Most carry none, and Node need not make an object of all headers to see that.
 */
export function heraldsCaller(rawHeaders: readonly string[]): boolean {
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length > LONGEST || ((LENGTHS >>> name.length) & 1) === 0) continue;
    if (HERALDS.has(name.toLowerCase())) return true;
  }
  return false;
}
