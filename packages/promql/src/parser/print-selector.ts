import { type Matcher, METRIC_NAME } from "@avx/model";
import type { AtModifier, DurationValue, MatrixSelector, Subquery, VectorSelector } from "./ast.ts";
import { formatDuration } from "./duration.ts";
import { quoteString } from "./go-quote.ts";
import { printDuration } from "./print-duration.ts";

const MS_PER_SECOND = 1000;
const PLAIN_LABEL = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Label names separated by commas; those that are no plain identifier are quoted. */
export function printLabelNames(names: readonly string[]): string {
  return names.map(printLabelName).join(", ");
}

function printLabelName(name: string): string {
  return PLAIN_LABEL.test(name) ? name : quoteString(name);
}

/** `name{matchers}` with the matchers sorted, then `@`, `anchored`/`smoothed` and `offset`. */
export function printVectorSelector(selector: VectorSelector): string {
  const { at, offset } = selector;
  return `${printSeries(selector)}${printAt(at)}${printExtension(selector)}${printOffset(offset)}`;
}

/** `name{matchers}[range]`, then `anchored`/`smoothed`, `@` and `offset`. */
export function printMatrixSelector({ selector, window }: MatrixSelector): string {
  const { at, offset } = selector;
  const range = `[${printDuration(window)}]${printExtension(selector)}`;
  return `${printSeries(selector)}${range}${printAt(at)}${printOffset(offset)}`;
}

/** What stands behind the expression of a subquery: `[range:step]`, `@` and `offset`. */
export function printSubquerySuffix({ window, step, at, offset }: Subquery): string {
  const hasStep = step !== undefined && !(step.kind === "fixed" && step.ms === 0);
  const range = `[${printDuration(window)}:${hasStep ? printDuration(step) : ""}]`;
  return `${range}${printAt(at)}${printOffset(offset)}`;
}

function printSeries({ name, matchers }: VectorSelector): string {
  const isImplied = (matcher: Matcher) =>
    matcher.name === METRIC_NAME && matcher.op === "=" && matcher.value === name && name !== "";
  const printed = matchers
    .filter((matcher) => !isImplied(matcher))
    .map(({ name: label, op, value }) => `${printLabelName(label)}${op}${quoteString(value)}`)
    .sort(compareByCodePoint);
  return printed.length === 0 ? name : `${name}{${printed.join(",")}}`;
}

/** The order of the UTF-8 bytes, which is not that of UTF-16 units. */
function compareByCodePoint(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function printAt(at: AtModifier | undefined): string {
  if (at === undefined) return "";
  if (at.kind !== "timestamp") return ` @ ${at.kind}()`;
  return ` @ ${(at.timestampMs / MS_PER_SECOND).toFixed(3)}`;
}

function printExtension({ anchored, smoothed }: VectorSelector): string {
  if (anchored) return " anchored";
  return smoothed ? " smoothed" : "";
}

function printOffset(offset: DurationValue): string {
  if (offset.kind === "expression") return ` offset ${printDuration(offset)}`;
  return offset.ms === 0 ? "" : ` offset ${formatDuration(offset.ms)}`;
}
