import { deserialize, serialize } from "node:v8";
import type { Attributes, AttributeValue } from "@avx/model";

/**
 * The columns of the exporter hold attribute values as text. The column AvxTyped says what they were:
 * "" when all were text; one letter for each attribute when a letter is enough to read the text back
 * (the usual case, and a tenth of the cost); else serialized values.
 */

/** Attribute values that are no text, by name. */
export type TypedValues = ReadonlyMap<string, AttributeValue>;

/** What is known of one set of attributes: letters in their order, or values; nothing if all are text. */
export type AttributeTypes = string | TypedValues | undefined;

/** The first byte of what `serialize` makes; no letter begins with it. */
const SERIALIZED = 0xff;

/** The first byte of values and letters together. */
const MIXED = 0xfe;

/** Behind it the number of bytes of the values, as 32 bits. */
const MIXED_HEAD_BYTES = 5;

const GROUP_END = ",";

/** s text, n number, b boolean; `undefined` when a value's text would not do. */
function lettersOf(attributes: Attributes): string | undefined {
  let letters = "";
  for (const value of attributes.values()) {
    const type = typeof value;
    if (type === "string") letters += "s";
    else if (type === "boolean") letters += "b";
    // The text of -0 is "0".
    else if (type === "number" && !Object.is(value, -0)) letters += "n";
    else return undefined;
  }
  return letters;
}

/** The letters of one set as they stand in a cell; `undefined` when letters are not enough. */
export function groupLetters(attributes: Attributes): string | undefined {
  const letters = lettersOf(attributes);
  return letters === undefined ? undefined : letters + GROUP_END;
}

/** The cell for sets of attributes whose texts the row has; `undefined` when letters are not enough. */
export function lettersCell(groups: readonly Attributes[]): string | undefined {
  let cell = "";
  let isText = true;
  for (const attributes of groups) {
    const letters = lettersOf(attributes);
    if (letters === undefined) return undefined;
    isText &&= !/[nb]/.test(letters);
    cell += letters + GROUP_END;
  }
  return isText ? "" : cell;
}

/** The cell that holds the values themselves. */
export function serializedCell(typed: object): Uint8Array {
  return serialize(typed);
}

/** The cell that holds some values, and the letters of the sets that need no values. */
export function mixedCell(typed: object, letters: string): Uint8Array {
  const values = serialize(typed);
  const head = Buffer.from([MIXED, 0, 0, 0, 0]);
  head.writeUInt32LE(values.length, 1);
  return Buffer.concat([head, values, Buffer.from(letters, "latin1")]);
}

/** What a cell holds: letters of each group, what was serialized, or both. */
export type TypedCell =
  | { readonly kind: "letters"; readonly groups: readonly string[] }
  | { readonly kind: "serialized"; readonly value: unknown }
  | { readonly kind: "mixed"; readonly value: unknown; readonly groups: readonly string[] };

/** Reads a cell. */
export function readTypedCell(bytes: Buffer): TypedCell {
  if (bytes[0] === SERIALIZED) return { kind: "serialized", value: deserialize(bytes) };
  if (bytes[0] !== MIXED) return { kind: "letters", groups: groupsOf(bytes) };
  const valuesEnd = MIXED_HEAD_BYTES + bytes.readUInt32LE(1);
  const value: unknown = deserialize(bytes.subarray(MIXED_HEAD_BYTES, valuesEnd));
  return { kind: "mixed", value, groups: groupsOf(bytes.subarray(valuesEnd)) };
}

function groupsOf(letters: Buffer): string[] {
  return letters.toString("latin1").split(GROUP_END);
}

/** The values of `attributes` that are no text; `undefined` when all are. */
export function typedValues(attributes: Attributes): TypedValues | undefined {
  let typed: Map<string, AttributeValue> | undefined;
  for (const [name, value] of attributes) {
    if (typeof value === "string") continue;
    typed ??= new Map();
    typed.set(name, value);
  }
  return typed;
}

/** The attributes again, in their order. */
export function restoreAttributes(
  texts: ReadonlyMap<string, string>,
  types: AttributeTypes,
): Attributes {
  if (!types) return texts;
  const restored = new Map<string, AttributeValue>();
  let i = 0;
  for (const [name, text] of texts) {
    restored.set(
      name,
      typeof types === "string"
        ? valueOfLetter(text, types[i++])
        : (types.get(name) ?? textOr(types, name, text)),
    );
  }
  return restored;
}

/** A null was stored as an empty text, and `get` alone cannot tell it from absence. */
function textOr(types: TypedValues, name: string, text: string): AttributeValue {
  return types.has(name) ? null : text;
}

function valueOfLetter(text: string, letter: string | undefined): AttributeValue {
  if (letter === "n") return Number(text);
  return letter === "b" ? text === "true" : text;
}
