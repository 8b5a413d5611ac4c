import { decimalsFor, type Magnitude, magnitudeOf, type Unit } from "./units.ts";

/** A space that does not break and is narrower than a word space: between a number and its unit. */
const NARROW_SPACE = "\u202f";

/** Shown where there is no value. */
export const NO_VALUE = "–";

const DAY_MS = 86_400_000;

/** Beyond these, digits are noise: 0.01 % is one request in ten thousand. */
const PERCENT_DECIMALS = 2;
const MAX_DECIMALS = 4;

/** Every number, date and axis label of the page comes from one of these. */
export interface Formatter {
  readonly locale: string;
  /** The zone of all times, e.g. `America/Sao_Paulo`. */
  readonly timeZone: string;
  /** A count, grouped as the locale does. */
  integer(value: number): string;
  /** Three significant digits and the unit; `NO_VALUE` for null and non-finite values. */
  quantity(value: number | null, unit: Unit): string;
  /** As `quantity`, in the magnitude of the chart or column it stands in. */
  scaled(value: number | null, magnitude: Magnitude): string;
  /** A tick label: only the digits that tell ticks `step` apart. */
  tick(value: number, step: number, magnitude: Magnitude): string;
  /** A ratio as whole percent: the level of an interval. */
  wholePercent(ratio: number): string;
  /** Hours, minutes and seconds. */
  time(timestampMs: number): string;
  /** Hours and minutes. */
  hourMinute(timestampMs: number): string;
  /** The weekday with hour and minute: what a daily and weekly pattern is told by. */
  weekdayMinute(timestampMs: number): string;
  /** Day and month. */
  day(timestampMs: number): string;
  /** Date, time and zone. */
  dateTime(timestampMs: number): string;
  /** Two moments as one text, the common part written once. */
  range(startMs: number, endMs: number): string;
  /** A length of time in its largest fitting unit: `15 min`, `2 h`. */
  length(durationMs: number): string;
  /** How long before now: `12 s ago`. */
  ago(elapsedMs: number): string;
}

/** A formatter for a locale; `timeZone` absent: that of the machine. */
export function createFormatter(locale: string, timeZone?: string): Formatter {
  const zone = timeZone ?? new Intl.DateTimeFormat(locale).resolvedOptions().timeZone;
  return { locale, timeZone: zone, ...numberFormats(locale), ...timeFormats(locale, zone) };
}

type NumberPart = Pick<
  Formatter,
  "integer" | "quantity" | "scaled" | "tick" | "wholePercent" | "length" | "ago"
>;

function numberFormats(locale: string): NumberPart {
  const byDecimals = [0, 1, 2, 3, 4].map(
    (decimals) =>
      new Intl.NumberFormat(locale, {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
      }),
  );
  const fixed = (value: number, decimals: number): string =>
    byDecimals[decimals]?.format(value) ?? String(value);
  const scaled = (value: number | null, { factor, suffix }: Magnitude): string => {
    if (value === null || !Number.isFinite(value)) return NO_VALUE;
    const shown = value * factor;
    const most = suffix === "%" ? PERCENT_DECIMALS : MAX_DECIMALS;
    return withSuffix(fixed(shown, Math.min(decimalsFor(shown), most)), suffix);
  };
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  return {
    integer: (value) => fixed(value, 0),
    scaled,
    quantity: (value, unit) => scaled(value, magnitudeOf(unit, value ?? 0)),
    tick: (value, step, { factor, suffix }) =>
      withSuffix(fixed(value * factor, tickDecimals(step * factor)), suffix),
    wholePercent: (ratio) => percent.format(ratio),
    ...lengthFormats(locale),
  };
}

function withSuffix(digits: string, suffix: string): string {
  if (suffix === "") return digits;
  return suffix === "%" ? `${digits}%` : digits + NARROW_SPACE + suffix;
}

function tickDecimals(step: number): number {
  if (!(step > 0)) return 0;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  // A step of 2.5 needs one decimal more than its power of ten says.
  const scaledStep = step * 10 ** decimals;
  return Math.min(4, decimals + (Math.abs(scaledStep - Math.round(scaledStep)) > 1e-6 ? 1 : 0));
}

function lengthFormats(locale: string): Pick<NumberPart, "length" | "ago"> {
  const unitFormat = (unit: string): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit,
      unitDisplay: "short",
      maximumFractionDigits: 1,
    });
  const [second, minute, hour, day] = ["second", "minute", "hour", "day"].map(unitFormat);
  const relative = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "always" });
  return {
    length(durationMs) {
      if (durationMs < 60_000) return second?.format(durationMs / 1000) ?? "";
      if (durationMs < 3_600_000) return minute?.format(durationMs / 60_000) ?? "";
      if (durationMs <= DAY_MS) return hour?.format(durationMs / 3_600_000) ?? "";
      return day?.format(durationMs / DAY_MS) ?? "";
    },
    ago(elapsedMs) {
      const seconds = Math.max(0, Math.round(elapsedMs / 1000));
      if (seconds < 90) return relative.format(-seconds, "second");
      if (seconds < 5400) return relative.format(-Math.round(seconds / 60), "minute");
      if (seconds < 2 * 86_400) return relative.format(-Math.round(seconds / 3600), "hour");
      return relative.format(-Math.round(seconds / 86_400), "day");
    },
  };
}

type TimePart = Pick<
  Formatter,
  "time" | "hourMinute" | "weekdayMinute" | "day" | "dateTime" | "range"
>;

function timeFormats(locale: string, timeZone: string): TimePart {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: "h23", ...options });
  const clock = { hour: "2-digit", minute: "2-digit" } as const;
  const time = format({ ...clock, second: "2-digit" });
  const hourMinute = format(clock);
  const weekdayMinute = format({ weekday: "long", ...clock });
  const day = format({ day: "2-digit", month: "short" });
  const dateTime = format({
    day: "2-digit",
    month: "short",
    ...clock,
    second: "2-digit",
    timeZoneName: "short",
  });
  const dayTime = format({ day: "2-digit", month: "short", ...clock });
  return {
    time: (timestampMs) => time.format(timestampMs),
    hourMinute: (timestampMs) => hourMinute.format(timestampMs),
    weekdayMinute: (timestampMs) => weekdayMinute.format(timestampMs),
    day: (timestampMs) => day.format(timestampMs),
    dateTime: (timestampMs) => dateTime.format(timestampMs),
    range(startMs, endMs) {
      const sameDay = day.format(startMs) === day.format(endMs) && endMs - startMs < DAY_MS;
      const start = (endMs - startMs < 600_000 ? time : hourMinute).format(startMs);
      const end = (endMs - startMs < 600_000 ? time : hourMinute).format(endMs);
      return sameDay
        ? `${day.format(startMs)} ${start}–${end}`
        : `${dayTime.format(startMs)} – ${dayTime.format(endMs)}`;
    },
  };
}
