import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** One series of a data file: seconds and values. Files of other shapes have no `v`. */
export interface SeriesLine {
  readonly id: string;
  readonly t: readonly number[];
  readonly v: readonly (number | null)[];
  /** First and last index of each labelled stretch. */
  readonly windows: readonly (readonly [number, number])[];
  /** Index of each labelled onset, where the set has them. */
  readonly labels?: readonly number[];
}

/** The series of a JSONL file, plain or gzipped, or of all such files of a folder, by name. */
export function* readSeries(path: string): Generator<SeriesLine> {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .filter((name) => /\.jsonl(\.gz)?$/.test(name))
        .sort()
        .map((name) => join(path, name))
    : [path];
  for (const file of files) {
    const bytes = readFileSync(file);
    const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    for (const line of text.split("\n")) {
      if (line === "") continue;
      const parsed: unknown = JSON.parse(line);
      if (isSeriesLine(parsed)) yield parsed;
    }
  }
}

function isSeriesLine(line: unknown): line is SeriesLine {
  return typeof line === "object" && line !== null && "id" in line && "t" in line && "v" in line;
}
