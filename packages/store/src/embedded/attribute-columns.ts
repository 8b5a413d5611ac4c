import { serialize } from "node:v8";
import type { Attributes, AttributeValue } from "@avx/model";
import type { ColumnData } from "../engine/native-columns.ts";
import { attributeText } from "../logs/attribute-text.ts";

/** Attributes as the collector's exporter stores them: every value as text. */
export function attributesColumn(
  rows: readonly Attributes[],
): Extract<ColumnData, { kind: "map" }> {
  const keys: string[] = [];
  const values: string[] = [];
  const ends: number[] = [];
  for (const attributes of rows) {
    for (const [name, value] of attributes) {
      keys.push(name);
      values.push(attributeText(value));
    }
    ends.push(keys.length);
  }
  return {
    kind: "map",
    ends,
    keys: { kind: "string", data: keys },
    values: { kind: "string", data: values },
  };
}

/** A String column. */
export function textColumn(data: readonly string[]): ColumnData {
  return { kind: "string", data };
}

/** A DateTime64(9) column of Unix nanoseconds. */
export function nanosColumn(nanos: readonly bigint[]): ColumnData {
  return { kind: "fixed", type: "DateTime64(9)", data: BigInt64Array.from(nanos) };
}

/** The values that are no strings, and would lose their type as text. */
export type TypedValues = ReadonlyMap<string, AttributeValue>;

/** The values of `attributes` that are no strings; `undefined` when all are. */
export function typedValues(attributes: Attributes): TypedValues | undefined {
  let typed: Map<string, AttributeValue> | undefined;
  for (const [name, value] of attributes) {
    if (typeof value === "string") continue;
    typed ??= new Map();
    typed.set(name, value);
  }
  return typed;
}

/** The attributes again, from their texts and the values that are no strings; order is kept. */
export function restoreAttributes(
  texts: ReadonlyMap<string, string>,
  typed: TypedValues | undefined,
): Attributes {
  if (!typed) return texts;
  const restored = new Map<string, AttributeValue>();
  for (const [name, text] of texts) {
    const value = typed.get(name);
    // Absence and null differ: a null was stored as an empty text.
    restored.set(name, value === undefined ? text : value);
  }
  return restored;
}

/** A cell of the column AvxTyped: "" when there is nothing that the other columns do not say. */
export function typedCell(typed: object): string | Uint8Array {
  const isEmpty = Object.values(typed).every((value) => value === undefined);
  return isEmpty ? "" : serialize(typed);
}
