/**
 * A sample value as Prometheus writes it in JSON and text (Go's shortest 'f' format, 'e' below
 * 1e-6 and from 1e21 on, two exponent digits at least).
 */
export function sampleText(value: number): string {
  if (Number.isFinite(value)) {
    const text = `${value}`;
    if (value === 0) return Object.is(value, -0) ? "-0" : "0";
    const mark = text.indexOf("e");
    if (mark < 0 || text.length - mark > 3) return text;
    return `${text.slice(0, mark + 2)}0${text.slice(mark + 2)}`;
  }
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "+Inf" : "-Inf";
}

/** Unix seconds with up to three decimals, as a JSON number. */
export function secondsText(timestampMs: number): string {
  return String(timestampMs / 1000);
}
