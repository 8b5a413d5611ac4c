import { AvxError } from "@avx/model";

/** A row of a CSV file and the line that it begins on, from 1. */
export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The error of a line of a CSV file. */
export function csvError(line: number, reason: string): AvxError {
  return new AvxError("malformed_payload", { format: "CSV", reason: `line ${line}: ${reason}` });
}

/** Commas, or semicolons where the first line has those alone (spreadsheets of half the world). */
function separatorOf(text: string): string {
  const end = text.indexOf("\n");
  const first = end < 0 ? text : text.slice(0, end);
  return first.includes(";") && !first.includes(",") ? ";" : ",";
}

/**
 * The rows of a CSV text (RFC 4180: cells may be in quotes, `""` is a quote in them). Empty lines are
 * left out, spaces around cells too. Throws AvxError `malformed_payload` for a quote that is not closed.
 */
export function csvRows(text: string): readonly CsvRow[] {
  const separator = separatorOf(text);
  const rows: CsvRow[] = [];
  let line = 1;
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) {
    const startLine = line;
    const cells: string[] = [];
    for (let isOpen = true; isOpen; ) {
      const cell = readCell(text, at, { separator, line: startLine });
      cells.push(cell.text.trim());
      line += cell.text.split("\n").length - 1;
      at = cell.end + 1;
      isOpen = text[cell.end] === separator;
    }
    line++;
    if (cells.length > 1 || cells[0] !== "") rows.push({ line: startLine, cells });
  }
  return rows;
}

interface Place {
  readonly separator: string;
  readonly line: number;
}

/** The cell that begins at `start`; `end` is where its separator or line end is. */
function readCell(
  text: string,
  start: number,
  { separator, line }: Place,
): { readonly text: string; readonly end: number } {
  if (text[start] !== '"') {
    let end = start;
    while (end < text.length && text[end] !== separator && text[end] !== "\n") end++;
    return { text: text.slice(start, end), end };
  }
  let cell = "";
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') {
      cell += '"';
      at++;
    } else {
      let end = at + 1;
      while (end < text.length && text[end] !== separator && text[end] !== "\n") end++;
      return { text: cell, end };
    }
  }
  throw csvError(line, "a quote is not closed");
}
