import { invalid } from "./parameters.ts";

/** The fields of a JSON object that has no others than `known`. Throws AvxError `bad_query`. */
export function jsonFields(
  body: unknown,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalid("body", "must be a JSON object");
  }
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(unknown, `unknown; there are ${known.join(", ")}`);
  // Proof of the `as`: any object can be read by names, each field is unknown.
  return body as Readonly<Record<string, unknown>>;
}

/** A text of at most `maxCharacters`; "" when absent. */
export function textField(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  maxCharacters: number,
): string {
  const value = fields[name] ?? "";
  if (typeof value !== "string") throw invalid(name, "must be a text");
  if (value.length > maxCharacters) {
    throw invalid(name, `has ${value.length} characters, the limit is ${maxCharacters}`);
  }
  return value;
}

/** One of a few words. */
export function oneOfField<T extends string>(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  allowed: readonly T[],
): T {
  const found = allowed.find((word) => word === fields[name]);
  if (found !== undefined) return found;
  throw invalid(name, `${JSON.stringify(fields[name])} is not one of ${allowed.join(", ")}`);
}
