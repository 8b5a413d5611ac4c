/**
 * UCUM units as OpenTelemetry writes them -> words of Prometheus metric names
 * (OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", metric metadata).
 */
const UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ["d", "days"],
  ["h", "hours"],
  ["min", "minutes"],
  ["s", "seconds"],
  ["ms", "milliseconds"],
  ["us", "microseconds"],
  ["ns", "nanoseconds"],
  ["By", "bytes"],
  ["KiBy", "kibibytes"],
  ["MiBy", "mebibytes"],
  ["GiBy", "gibibytes"],
  ["TiBy", "tibibytes"],
  ["KBy", "kilobytes"],
  ["MBy", "megabytes"],
  ["GBy", "gigabytes"],
  ["TBy", "terabytes"],
  ["m", "meters"],
  ["V", "volts"],
  ["A", "amperes"],
  ["J", "joules"],
  ["W", "watts"],
  ["g", "grams"],
  ["Cel", "celsius"],
  ["Hz", "hertz"],
  ["1", ""],
  ["%", "percent"],
]);

/** The word of a unit behind "/", in the singular. */
const PER_UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ["s", "second"],
  ["m", "minute"],
  ["h", "hour"],
  ["d", "day"],
  ["w", "week"],
  ["mo", "month"],
  ["y", "year"],
]);

/** The name words of a unit: `By/s` is `{ main: "bytes", per: "second" }`. Both may be "". */
export interface UnitWords {
  readonly main: string;
  readonly per: string;
}

/** Annotations in braces (`{request}`) name no unit; an unknown unit is taken as it is. */
export function unitWords(unit: string): UnitWords {
  const slash = unit.indexOf("/");
  const main = slash < 0 ? unit : unit.slice(0, slash);
  const per = slash < 0 ? "" : unit.slice(slash + 1);
  return { main: wordOf(main, UNIT_WORDS), per: wordOf(per, PER_UNIT_WORDS) };
}

function wordOf(text: string, words: ReadonlyMap<string, string>): string {
  const unit = text.trim();
  if (unit.includes("{") || unit.includes("}")) return "";
  const word = words.get(unit) ?? unit;
  return word.replace(/[^a-zA-Z0-9]+/g, "_").replace(/^_+|_+$/g, "");
}

/** The unit as Prometheus metadata has it: `bytes_per_second`, "" when there is none. */
export function unitText({ main, per }: UnitWords): string {
  if (per === "") return main;
  return main === "" ? `per_${per}` : `${main}_per_${per}`;
}
