import { type Labels, labelsFromPairs, METRIC_NAME, type MetricType } from "@avx/model";
import { boundLabel } from "./bound-label.ts";
import { SPACE, type TextCursor } from "./cursor.ts";
import { parseFloatText } from "./float-text.ts";

/** What separates tokens: any blanks in the older format, one space in OpenMetrics. */
export type Blanks = "any" | "single-space";

/**
 * The metric name and labels at the start of a sample line; the name may stand in the braces. `type`
 * is that of the last TYPE line.
 */
export function readSeriesLabels(
  cursor: TextCursor,
  blanks: Blanks,
  type: MetricType | undefined,
): Labels {
  const pairs = new Map<string, string>();
  const name = cursor.name(true);
  if (name !== "") pairs.set(METRIC_NAME, name);
  if (blanks === "any") cursor.skipBlanks();
  if (cursor.take("{")) readBraces(cursor, blanks, { pairs, type, allowName: name === "" });
  if (!pairs.has(METRIC_NAME)) throw cursor.fault("expected a metric name");
  return labelsFromPairs(pairs);
}

/** The labels of an exemplar: braces without a metric name. */
export function readExemplarLabels(cursor: TextCursor, blanks: Blanks): Labels {
  cursor.expect("{", '"{"');
  const pairs = new Map<string, string>();
  readBraces(cursor, blanks, { pairs, type: undefined, allowName: false });
  return labelsFromPairs(pairs);
}

interface BraceContent {
  readonly pairs: Map<string, string>;
  readonly type: MetricType | undefined;
  /** Whether a quoted text without "=" may be the metric name. */
  readonly allowName: boolean;
}

function readBraces(
  cursor: TextCursor,
  blanks: Blanks,
  { pairs, type, allowName }: BraceContent,
): void {
  const skip = () => {
    if (blanks === "any") cursor.skipBlanks();
  };
  for (skip(); !cursor.take("}"); skip()) {
    const isQuoted = cursor.text.charAt(cursor.at) === '"';
    const name = isQuoted ? cursor.quoted("label name") : cursor.name(false);
    if (name === "") throw cursor.fault("expected a label name");
    skip();
    if (cursor.take("=")) {
      skip();
      if (pairs.has(name)) throw cursor.fault(`label ${name} twice`);
      pairs.set(name, boundLabel(type, name, cursor.quoted("label value")));
    } else if (isQuoted && allowName && !pairs.has(METRIC_NAME)) pairs.set(METRIC_NAME, name);
    else throw cursor.fault('expected "="');
    skip();
    if (cursor.take(",")) continue;
    cursor.expect("}", '"," or "}"');
    return;
  }
}

/** A separator and then a number as Go's ParseFloat reads it, without hex and "_". */
export function readValue(cursor: TextCursor, blanks: Blanks, what: string): number {
  if (blanks === "any") cursor.skipBlanks();
  else cursor.expect(" ", `one space before the ${what}`);
  const text = cursor.token();
  const value = parseFloatText(text);
  if (value === undefined) throw cursor.fault(`${what} ${JSON.stringify(text)} is not a number`);
  return value;
}

/** A number that must be finite: a timestamp. */
export function readFinite(cursor: TextCursor, blanks: Blanks, what: string): number {
  const value = readValue(cursor, blanks, what);
  if (!Number.isFinite(value)) throw cursor.fault(`${what} ${value} is not finite`);
  return value;
}

/** Whether another token follows on this line. */
export function hasMore(cursor: TextCursor, blanks: Blanks): boolean {
  if (blanks === "any") cursor.skipBlanks();
  return !cursor.isAtLineEnd && (blanks === "any" || cursor.code === SPACE);
}
