/** Members of which the absence says something else than the default: those of a `oneof`, and optional ones. */
const EXPLICIT = new Set([
  "asDouble",
  "asInt",
  "boolValue",
  "doubleValue",
  "intValue",
  "max",
  "min",
  "stringValue",
  "sum",
]);
/** 64-bit numbers, which JSON may carry as texts. */
const WHOLE_NUMBERS = new Set(["bucketCounts", "count", "intValue", "zeroCount"]);
const IDS = new Set(["parentSpanId", "spanId", "traceId"]);
const TIME = /[tT]imeUnixNano$/;

/**
 * An OTLP request of JSON in the one form that all requests of the same meaning have: without
 * defaults, attributes and scopes in order, ids numbered by their first appearance. Times, which
 * differ between two runs, must be whole nanoseconds and become "a time".
 */
export function plainOtlp(request: unknown): unknown {
  const ids = new Map<string, string>();
  const idOf = (id: string): string => {
    const known = ids.get(id) ?? `id ${ids.size}`;
    ids.set(id, known);
    return known;
  };
  const plain = (value: unknown, key: string): unknown => {
    if (Array.isArray(value))
      return ordered(
        value.map((item) => plain(item, key)),
        key,
      );
    if (typeof value === "object" && value !== null) return plainObject(value, plain);
    if (TIME.test(key)) return /^\d{19}$/.test(String(value)) ? "a time" : value;
    if (IDS.has(key) && typeof value === "string") return value === "" ? "" : idOf(value);
    return WHOLE_NUMBERS.has(key) ? Number(value) : value;
  };
  return plain(request, "");
}

function plainObject(value: object, plain: (value: unknown, key: string) => unknown): unknown {
  const entries = Object.entries(value)
    .map(([key, item]) => [key, plain(item, key)] as const)
    .filter(([key, item]) => EXPLICIT.has(key) || !isDefault(item, key));
  return Object.fromEntries(entries);
}

function isDefault(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.length === 0;
  // A status without code and message is unset, as none at all.
  if (key === "status" && JSON.stringify(value) === "{}") return true;
  return value === undefined || value === null || value === 0 || value === "" || value === false;
}

function ordered(items: unknown[], key: string): unknown[] {
  const by = key === "attributes" ? "key" : key === "metrics" ? "name" : undefined;
  if (by === undefined) return items;
  // Proof of the `as`: OTLP's attributes and metrics are objects.
  return (items as Record<string, unknown>[]).sort((left, right) =>
    String(left[by]) < String(right[by]) ? -1 : 1,
  );
}
