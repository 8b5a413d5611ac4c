import type { Labels } from "@avx/model";
import { scriptDurationMs, scriptError } from "./script-error.ts";
import { parseMetric } from "./series-notation.ts";

/** Start timestamps of the series in the line below, as offsets from the samples' times. */
export interface StartLine {
  readonly labels: Labels;
  readonly offsetsMs: readonly (number | undefined)[];
}

const DURATION = String.raw`\d+(?:ms|[smhdwy])?`;
const ITEM = new RegExp(`^([+-]?${DURATION})(?:([+-]${DURATION}))?(?:x(\\d+))?$`);

/** Whether a line is one of start timestamps: `metric{labels}@st -1mx2 _ -30s`. */
export function isStartLine(text: string): boolean {
  return /^\S+@st\s/.test(text);
}

export function parseStartLine(text: string): StartLine {
  const at = text.search(/@st\s/);
  const { labels } = parseMetric(text.slice(0, at));
  const items = text
    .slice(at + "@st".length)
    .trim()
    .split(/\s+/);
  return { labels, offsetsMs: items.flatMap(parseItem) };
}

function parseItem(item: string): readonly (number | undefined)[] {
  const gap = /^_(?:x(\d+))?$/.exec(item);
  if (gap) return new Array<undefined>(Number(gap[1] ?? 1)).fill(undefined);
  const [, first, step, times = "0"] = ITEM.exec(item) ?? [];
  if (first === undefined) throw scriptError(`${item} is no start timestamp`);
  const incrementMs = step === undefined ? 0 : signedDurationMs(step);
  const firstMs = signedDurationMs(first);
  return Array.from({ length: Number(times) + 1 }, (_, i) => firstMs + i * incrementMs);
}

function signedDurationMs(text: string): number {
  const magnitude = scriptDurationMs(text.replace(/^[+-]/, ""));
  return text.startsWith("-") ? -magnitude : magnitude;
}
