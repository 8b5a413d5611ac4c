import { type BucketSpan, CUSTOM_BUCKETS_SCHEMA, type NativeHistogram } from "@avx/model";
import { parseNumber } from "../parser/number.ts";
import { scriptError } from "./script-error.ts";

const HINTS: ReadonlyMap<string, NativeHistogram["counterResetHint"]> = new Map([
  ["unknown", "unknown"],
  ["reset", "reset"],
  ["not_reset", "not-reset"],
  ["gauge", "gauge"],
]);

const KEYS: ReadonlySet<string> = new Set([
  "schema",
  "sum",
  "count",
  "z_bucket",
  "z_bucket_w",
  "custom_values",
  "buckets",
  "offset",
  "n_buckets",
  "n_offset",
  "counter_reset_hint",
]);

/** A histogram as written, and whether its hint was. */
export interface NotedHistogram {
  readonly histogram: NativeHistogram;
  readonly hintGiven: boolean;
}

/** Reads what stands between `{{` and `}}`: `schema:1 sum:3 count:22 buckets:[5 10 7]`. */
export function parseHistogramNotation(body: string): NotedHistogram {
  const fields = new Map<string, string>();
  const rest = body.replace(/([a-z_]+):(\[[^\]]*\]|\S+)/g, (_, key: string, value: string) => {
    if (!KEYS.has(key)) throw scriptError(`unknown histogram key ${key}`);
    fields.set(key, value);
    return "";
  });
  if (rest.trim() !== "") throw scriptError(`unexpected ${rest.trim()} in a histogram`);
  const number = (key: string) => signedNumber(fields.get(key) ?? "0");
  const list = (key: string) => numberList(fields.get(key));
  const positiveBuckets = list("buckets");
  const negativeBuckets = list("n_buckets");
  const hint = fields.get("counter_reset_hint");
  const counterResetHint = hint === undefined ? "unknown" : HINTS.get(hint);
  if (!counterResetHint) throw scriptError(`unknown counter_reset_hint ${hint}`);
  const schema = number("schema");
  return {
    hintGiven: hint !== undefined,
    histogram: {
      schema,
      sum: number("sum"),
      count: number("count"),
      zeroCount: number("z_bucket"),
      zeroThreshold: number("z_bucket_w"),
      positiveSpans: spansOf(positiveBuckets, number("offset")),
      positiveBuckets,
      negativeSpans: spansOf(negativeBuckets, number("n_offset")),
      negativeBuckets,
      customBounds: schema === CUSTOM_BUCKETS_SCHEMA ? list("custom_values") : new Float64Array(),
      counterResetHint,
    },
  };
}

function spansOf(buckets: Float64Array, offset: number): readonly BucketSpan[] {
  return buckets.length === 0 ? [] : [{ offset, length: buckets.length }];
}

function numberList(text: string | undefined): Float64Array {
  const items = text?.slice(1, -1).trim().split(/\s+/) ?? [];
  return Float64Array.from(
    items.filter((item) => item !== ""),
    signedNumber,
  );
}

/** A number with an optional sign. */
export function signedNumber(text: string): number {
  const negative = text.startsWith("-");
  const parsed = parseNumber(/^[+-]/.test(text) ? text.slice(1) : text);
  if (!parsed.ok) throw scriptError(parsed.reason);
  return negative ? -parsed.value : parsed.value;
}
