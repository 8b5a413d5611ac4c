/**
 * A number without exponent and with the fewest digits that read back as the same number, as Go's
 * FormatFloat(value, 'f', -1): "+Inf", "-Inf", "NaN" and "-0" included.
 */
export function printNumber(value: number): string {
  const special = printSpecial(value);
  if (special !== undefined) return special;
  const [mantissa = "", exponent] = String(value).split("e");
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith("-") ? "-" : "";
  const [whole = "", fraction = ""] = mantissa.replace("-", "").split(".");
  const point = whole.length + Number(exponent);
  const digits = whole + fraction;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, "0")}`;
}

/** The same digits with an exponent when that is shorter, as Go's `%v`. */
export function printShortNumber(value: number): string {
  const MIN_WITHOUT_EXPONENT = 1e-4;
  const isSmall = value !== 0 && Math.abs(value) < MIN_WITHOUT_EXPONENT;
  if (!isSmall) return printSpecial(value) ?? String(value);
  const [mantissa, exponent = ""] = value.toExponential().split("e-");
  return `${mantissa}e-${exponent.padStart(2, "0")}`;
}

function printSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+Inf" : "-Inf";
  return Object.is(value, -0) ? "-0" : undefined;
}
