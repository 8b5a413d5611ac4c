/** Escapes a label value: backslash, quote, line feed. */
export function escapedLabelValue(value: string): string {
  return /[\\"\n]/.test(value)
    ? value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")
    : value;
}

/** Escapes a HELP line: backslash and line feed, and in OpenMetrics the quote too. */
export function escapedHelp(text: string, escapesQuote: boolean): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return escapesQuote ? escaped.replaceAll('"', '\\"') : escaped;
}

/** A sample value: +Inf, -Inf and NaN spelled as the formats do. */
export function sampleText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}
