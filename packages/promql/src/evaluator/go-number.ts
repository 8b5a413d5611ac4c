/** Decimal exponents outside which Go's %g turns to scientific notation (strconv, shortest form). */
const MIN_PLAIN_EXPONENT = -4;
const MAX_PLAIN_EXPONENT = 5;

/** A number as Go prints it with %g (shortest form): `1e+06`, `0.25`, `+Inf`, `NaN`. */
export function formatShortest(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const [digits, exponent] = digitsAndExponent(value);
  if (exponent < MIN_PLAIN_EXPONENT || exponent > MAX_PLAIN_EXPONENT) {
    return scientific(value < 0 || Object.is(value, -0), digits, exponent);
  }
  return formatPlain(value);
}

/** A number without exponent, as Go prints it with 'f' and the fewest digits. */
export function formatPlain(value: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [digits, exponent] = digitsAndExponent(value);
  const point = exponent + 1;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits}${"0".repeat(point - digits.length)}`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

function formatSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  return undefined;
}

/** The shortest digits that read back as the number, and its decimal exponent. */
function digitsAndExponent(value: number): [digits: string, exponent: number] {
  const [mantissa = "", exponent = "0"] = Math.abs(value).toExponential().split("e");
  return [mantissa.replace(".", ""), Number(exponent)];
}

function scientific(negative: boolean, digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  const magnitude = String(Math.abs(exponent)).padStart(2, "0");
  return `${negative ? "-" : ""}${mantissa}e${exponent < 0 ? "-" : "+"}${magnitude}`;
}

/** A number with `digits` significant digits, as Go prints it with %.{digits}g. */
export function formatSignificant(value: number, digits: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const [mantissa = "", exponent = "0"] = Math.abs(value)
    .toExponential(digits - 1)
    .split("e");
  const trimmed = mantissa.replace(".", "").replace(/0+$/, "") || "0";
  const power = Number(exponent);
  if (power < MIN_PLAIN_EXPONENT || power >= digits) return scientific(value < 0, trimmed, power);
  return formatPlain(Number(value.toPrecision(digits)));
}

/** Like `formatShortest`, with ".0" where the text would look like an integer (OpenMetrics). */
export function formatOpenMetrics(value: number): string {
  const text = formatShortest(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
