import { type Labels, labelsFromPairs, METRIC_NAME } from "@avx/model";
import { addHistogram } from "../histogram/histogram-arithmetic.ts";
import { compacted, workingCopy } from "../histogram/working-histogram.ts";
import { unquote } from "../parser/unquote.ts";
import { type NotedHistogram, parseHistogramNotation, signedNumber } from "./histogram-notation.ts";
import type { SequenceValue, SeriesLine } from "./script.ts";
import { scriptError } from "./script-error.ts";

/** More values than any script needs; `1x999999999` must not fill the memory. */
const MAX_VALUES = 1_000_000;

const METRIC = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const LABEL_PAIR =
  /^\s*(?:([a-zA-Z_][a-zA-Z0-9_]*)|("(?:[^"\\]|\\.)*"))\s*(?:=\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`))?\s*/;
const UNSIGNED = String.raw`(?:inf|nan|(?:\d[\d_]*\.?\d*|\.\d+)(?:e[+-]?\d+)?)`;
const FLOATS = new RegExp(`^([+-]?${UNSIGNED})(?:([+-]${UNSIGNED})?x(\\d+))?$`, "i");

/** Reads `metric{label="value"} 1 2+3x4 _ stale {{...}}`. */
export function parseSeriesLine(text: string): SeriesLine {
  const { labels, rest } = parseMetric(text);
  return { labels, values: parseValues(rest) };
}

/** Reads the metric at the start of a line; gives what follows it. */
export function parseMetric(text: string): { readonly labels: Labels; readonly rest: string } {
  const name = METRIC.exec(text)?.[0] ?? "";
  const pairs: [string, string][] = name === "" ? [] : [[METRIC_NAME, name]];
  let rest = text.slice(name.length);
  const afterSpace = rest.trimStart();
  if (afterSpace.startsWith("{") && !afterSpace.startsWith("{{")) {
    rest = afterSpace.slice(1);
    while (!rest.trimStart().startsWith("}")) {
      const match = LABEL_PAIR.exec(rest);
      if (!match) throw scriptError(`no label at ${rest}`);
      const [whole, plain, quoted, value] = match;
      const label = plain ?? unquote(quoted ?? '""');
      // A quoted text alone is the metric name.
      pairs.push(value === undefined ? [METRIC_NAME, label] : [label, unquote(value)]);
      rest = rest.slice(whole.length).replace(/^,/, "");
    }
    rest = rest.trimStart().slice(1);
  } else if (name === "") throw scriptError(`no metric at ${text}`);
  return { labels: labelsFromPairs(pairs), rest };
}

/** Expands a sequence of values. */
export function parseValues(text: string): readonly SequenceValue[] {
  const values: SequenceValue[] = [];
  let rest = text.trim();
  while (rest !== "") {
    if (rest.startsWith("{{")) rest = parseHistograms(rest, values);
    else {
      const item = /^\S+/.exec(rest)?.[0] ?? "";
      values.push(...parseItem(item));
      rest = rest.slice(item.length);
    }
    if (values.length > MAX_VALUES) throw scriptError(`more than ${MAX_VALUES} values`);
    rest = rest.trimStart();
  }
  return values;
}

function parseItem(item: string): readonly SequenceValue[] {
  const gap = /^_(?:x(\d+))?$/.exec(item);
  if (gap) return repeated({ kind: "omitted" }, Number(gap[1] ?? 1));
  const stale = /^stale(?:x(\d+))?$/.exec(item);
  if (stale) return repeated({ kind: "stale" }, Number(stale[1] ?? 0) + 1);
  const [, first, step, times] = FLOATS.exec(item) ?? [];
  if (first === undefined) throw scriptError(`${item} is no value`);
  const increment = step === undefined ? 0 : signedNumber(step);
  const values: SequenceValue[] = [];
  let value = signedNumber(first);
  for (let i = 0; i <= limited(Number(times ?? 0)); i++) {
    values.push({ kind: "float", value });
    value += increment;
  }
  return values;
}

function repeated(value: SequenceValue, times: number): readonly SequenceValue[] {
  return new Array<SequenceValue>(limited(times)).fill(value);
}

function limited(times: number): number {
  if (times > MAX_VALUES) throw scriptError(`more than ${MAX_VALUES} values`);
  return times;
}

/** Reads `{{...}}`, `{{...}}xN` or `{{...}}+{{...}}xN`; gives what follows. */
function parseHistograms(text: string, values: SequenceValue[]): string {
  const first = histogramAt(text);
  let { rest } = first;
  let increment: NotedHistogram | undefined;
  let sign: 1 | -1 = 1;
  if (/^[+-]\{\{/.test(rest)) {
    sign = rest.startsWith("-") ? -1 : 1;
    ({ noted: increment, rest } = histogramAt(rest.slice(1)));
  }
  const times = /^x(\d+)/.exec(rest);
  if (increment && !times) throw scriptError("a histogram step needs a number of repetitions");
  const { hintGiven } = first.noted;
  let { histogram } = first.noted;
  values.push({ kind: "histogram", histogram, hintGiven });
  for (let i = 0; i < limited(Number(times?.[1] ?? 0)); i++) {
    if (increment) histogram = stepped(histogram, increment.histogram, sign);
    values.push({ kind: "histogram", histogram, hintGiven });
  }
  return rest.slice(times?.[0].length ?? 0);
}

function stepped(
  histogram: NotedHistogram["histogram"],
  increment: NotedHistogram["histogram"],
  sign: 1 | -1,
) {
  const next = workingCopy(histogram);
  if (addHistogram(next, workingCopy(increment), sign).kind === "incompatible") {
    throw scriptError("histograms of a series must have the same kind of buckets");
  }
  return compacted(next);
}

function histogramAt(text: string): { readonly noted: NotedHistogram; readonly rest: string } {
  const end = text.indexOf("}}");
  if (end < 0) throw scriptError(`no end of the histogram ${text}`);
  return { noted: parseHistogramNotation(text.slice(2, end)), rest: text.slice(end + 2) };
}
