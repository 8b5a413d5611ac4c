/** Turns parsed JSON into a checked value, or throws a `ShapeError` that says where it differs. */
export type Check<T> = (value: unknown, path: string) => T;

/** The type that a check returns. */
export type Checked<C> = C extends Check<infer T> ? T : never;

/** An answer whose shape is not the agreed one. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** A string. */
export const text: Check<string> = (value, path) =>
  typeof value === "string" ? value : fail(path, "text", value);

/** True or false. */
export const boolean: Check<boolean> = (value, path) =>
  typeof value === "boolean" ? value : fail(path, "true or false", value);

/** A number. */
export const number: Check<number> = (value, path) =>
  typeof value === "number" ? value : fail(path, "a number", value);

/** `null` (or absent), or what `check` accepts. */
export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value, path) => (value === null || value === undefined ? null : check(value, path));
}

/** What `check` accepts, or `fallback` when the field is absent. */
export function optional<T>(check: Check<T>, fallback: T): Check<T> {
  return (value, path) => (value === undefined ? fallback : check(value, path));
}

/** An array of what `check` accepts. */
export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((item: unknown, i) => check(item, `${path}[${i}]`))
      : fail(path, "a list", value);
}

/** One of the given words. */
export function word<T extends string>(...words: readonly T[]): Check<T> {
  return (value, path) =>
    words.find((known) => known === value) ?? fail(path, words.join(" or "), value);
}

/** One of the given numbers. */
export function oneOf<T extends number>(...numbers: readonly T[]): Check<T> {
  return (value, path) =>
    numbers.find((known) => known === value) ?? fail(path, numbers.join(" or "), value);
}

/** An object whose values `check` accepts, whatever its keys. */
export function record<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, path) => {
    const entries = Object.entries(asObject(value, path));
    // fromEntries defines own properties, so a key such as __proto__ stays plain data.
    return Object.fromEntries(entries.map(([key, item]) => [key, check(item, `${path}.${key}`)]));
  };
}

/** An object with the given fields; further fields are dropped. */
export function object<F extends Record<string, Check<unknown>>>(
  fields: F,
): Check<{ readonly [K in keyof F]: Checked<F[K]> }> {
  return (value, path) => {
    const source = asObject(value, path);
    const entries = Object.entries(fields).map(([key, check]) => [
      key,
      check(Object.hasOwn(source, key) ? source[key] : undefined, `${path}.${key}`),
    ]);
    // Each field was made by its own check, so the object has exactly the promised type.
    return Object.fromEntries(entries) as { readonly [K in keyof F]: Checked<F[K]> };
  };
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  // Any non-null, non-array object can be read by string keys.
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  return fail(path, "an object", value);
}

function fail(path: string, wanted: string, value: unknown): never {
  const got = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  throw new ShapeError(`${path}: expected ${wanted}, got ${got}`);
}
