import { readFile, stat } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type AutoForecast, autoForecast } from "@avx/analysis";
import { AvxError } from "@avx/model";
import { commandLineReason } from "./command-line-reason.ts";
import { type CsvSeries, csvSeries } from "./csv-series.ts";
import { forecastReport } from "./forecast-report.ts";

/** What `avx forecast --help` prints. */
export const FORECAST_HELP = `usage: avx forecast FILE.csv --horizon STEPS [options]

Forecasts a column of a CSV file and prints a table and a small plot. No server is needed.
With several columns the first is the time (Unix or ISO 8601) and the second the value.

  --horizon STEPS      how many steps ahead, 1 to 10000
  --season auto|none|N[,N]
                       season lengths in steps (auto)
  --level LEVEL        share of outcomes between the bounds, between 0 and 1 (0.95)
  --column NAME        the value column, by header or by number from 1
  --fast               a few quick models instead of all
  --json               print the whole answer as JSON
  --help
`;

/** 64 MiB: a million rows. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
/** A table longer than that is for a program, not for a reader. */
const MAX_HORIZON = 10_000;
const MAX_SEASON = 1_000_000;

const OPTIONS = {
  horizon: { type: "string" },
  season: { type: "string", default: "auto" },
  level: { type: "string", default: "0.95" },
  column: { type: "string" },
  fast: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

/** A forecast of a file, and the text to print. */
export interface ForecastOutput {
  readonly text: string;
  /** No forecast was possible; the text says why. */
  readonly isRefused: boolean;
}

/**
 * Runs `avx forecast`. Throws AvxError `invalid_parameter` for a bad option or file,
 * `malformed_payload` with the line for bad content.
 */
export async function runForecast(argv: readonly string[]): Promise<ForecastOutput> {
  const { file, horizon, level, seasonSamples, mode, column, asJson } = parseOptions(argv);
  const read = csvSeries(await readCsv(file), column);
  const options = { horizon, level, mode, ...(seasonSamples ? { seasonSamples } : {}) };
  const forecast = autoForecast(read.series, options);
  const text = asJson ? jsonText(read, forecast) : forecastReport(read, forecast, level);
  return { text, isRefused: forecast.kind === "refused" };
}

function parseOptions(argv: readonly string[]) {
  const { values, positionals } = parseFlags(argv);
  const [file, ...more] = positionals;
  if (file === undefined) throw invalidOption("FILE.csv", "no file given");
  if (more.length > 0) throw invalidOption("FILE.csv", `one file, not also ${more.join(" ")}`);
  const level = Number(values.level);
  if (!(level > 0 && level < 1)) {
    throw invalidOption("--level", `"${values.level}" is not a number between 0 and 1`);
  }
  if (values.horizon === undefined) throw invalidOption("--horizon", "is needed");
  const horizon = wholeNumber("--horizon", values.horizon, MAX_HORIZON);
  const mode = values.fast ? ("fast" as const) : ("auto" as const);
  const seasonSamples = seasonsOf(values.season);
  return { file, horizon, level, mode, seasonSamples, column: values.column, asJson: values.json };
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const reason = commandLineReason(cause);
    throw new AvxError("invalid_parameter", { parameter: "command line", reason }, { cause });
  }
}

function seasonsOf(text: string): readonly number[] | undefined {
  if (text === "auto") return undefined;
  if (text === "none") return [];
  const seasons = text.split(",").map((part) => wholeNumber("--season", part, MAX_SEASON));
  return seasons.sort((a, b) => a - b);
}

function wholeNumber(option: string, text: string, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
  throw invalidOption(option, `"${text}" is not a whole number from 1 to ${max}`);
}

async function readCsv(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > MAX_FILE_BYTES) {
      throw invalidOption(file, `has ${size} bytes, the limit is ${MAX_FILE_BYTES}`);
    }
    return await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof AvxError) throw cause;
    throw invalidOption(file, cause instanceof Error ? cause.message : String(cause));
  }
}

function invalidOption(parameter: string, reason: string): AvxError {
  return new AvxError("invalid_parameter", { parameter, reason });
}

/** Columns as arrays; JSON writes NaN as null. */
function jsonText({ name }: CsvSeries, forecast: AutoForecast): string {
  const columns = (_: string, value: unknown) =>
    value instanceof Float64Array ? Array.from(value) : value;
  return `${JSON.stringify({ column: name, ...forecast }, columns, 2)}\n`;
}
