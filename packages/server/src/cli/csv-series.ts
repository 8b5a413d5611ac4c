import type { TimeSeries } from "@avx/analysis";
import { AvxError } from "@avx/model";
import { type CsvRow, csvError, csvRows } from "./csv-rows.ts";

/** A series read from a file. Without a time column, times are sample numbers in ms. */
export interface CsvSeries {
  readonly series: TimeSeries;
  readonly hasTimes: boolean;
  /** Header of the value column, or its number. */
  readonly name: string;
}

/** More than models use by a hundred times; a larger file is another kind of file. */
const MAX_ROWS = 1_000_000;
/** Numbers above are milliseconds, below seconds: as seconds they lie in the year 5138. */
const LEAST_MS = 1e11;
const GAPS = new Set(["", "na", "nan", "null", "-"]);

/**
 * Reads one column as a series. With several columns the first is the time, as Unix seconds or ms or
 * ISO 8601 (UTC where it names no zone); the value is `column`, or the second. A first line without a
 * number as value is the header. Empty cells and `NaN` are gaps. Throws AvxError `malformed_payload`
 * that names the line, `invalid_parameter` for a column that does not exist.
 */
export function csvSeries(text: string, column?: string): CsvSeries {
  const rows = csvRows(text);
  const [first] = rows;
  if (first === undefined) throw csvError(1, "the file is empty");
  if (rows.length > MAX_ROWS) {
    throw csvError(rows[MAX_ROWS]?.line ?? MAX_ROWS, `more than ${MAX_ROWS} rows`);
  }
  const hasHeader = first.cells.every((cell) => !isNumber(cell) && timeMs(cell) === undefined);
  const at = columnIndex(first, hasHeader, column);
  const hasTimes = first.cells.length > 1 && at !== 0;
  const body = hasHeader ? rows.slice(1) : rows;
  const timestampsMs = new Float64Array(body.length);
  const values = new Float64Array(body.length);
  body.forEach((row, i) => {
    values[i] = valueCell(row, at);
    timestampsMs[i] = hasTimes ? ascendingTime(row, timestampsMs[i - 1]) : i;
  });
  const name = hasHeader ? (first.cells[at] ?? "") : `column ${at + 1}`;
  return { series: { timestampsMs, values }, hasTimes, name };
}

function columnIndex({ cells }: CsvRow, hasHeader: boolean, column: string | undefined): number {
  if (column === undefined) return Math.min(1, cells.length - 1);
  const named = hasHeader ? cells.indexOf(column) : -1;
  const at = named >= 0 ? named : /^\d+$/.test(column) ? Number(column) - 1 : -1;
  if (at >= 0 && at < cells.length) return at;
  const known = hasHeader ? cells.join(", ") : `1 to ${cells.length}`;
  const reason = `the file has no column "${column}"; there are ${known}`;
  throw new AvxError("invalid_parameter", { parameter: "--column", reason });
}

function isNumber(cell: string): boolean {
  return cell !== "" && Number.isFinite(Number(cell));
}

function valueCell({ cells, line }: CsvRow, at: number): number {
  const cell = cells[at];
  if (cell === undefined) throw csvError(line, `has ${cells.length} columns, not ${at + 1}`);
  if (GAPS.has(cell.toLowerCase())) return Number.NaN;
  if (isNumber(cell)) return Number(cell);
  throw csvError(line, `"${cell}" is not a number`);
}

function ascendingTime({ cells, line }: CsvRow, previousMs: number | undefined): number {
  const cell = cells[0] ?? "";
  const time = timeMs(cell);
  if (time === undefined) throw csvError(line, `"${cell}" is not a time`);
  if (previousMs !== undefined && time <= previousMs) {
    throw csvError(line, `the time "${cell}" does not follow the one before`);
  }
  return time;
}

function timeMs(cell: string): number | undefined {
  if (isNumber(cell)) {
    const number = Number(cell);
    return Math.abs(number) >= LEAST_MS ? number : number * 1000;
  }
  const match =
    /^(\d{4}-\d\d(?:-\d\d)?)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(Z|[+-]\d\d:?\d\d)?$/.exec(
      cell,
    );
  if (match === null) return undefined;
  const [, date = "", clock, zone = "Z"] = match;
  const parsed = Date.parse(clock === undefined ? date : `${date}T${clock}${zone}`);
  return Number.isNaN(parsed) ? undefined : parsed;
}
