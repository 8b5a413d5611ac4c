import type { Attributes } from "@avx/model";
import type { ColumnData } from "../../engine/native-columns.ts";
import { attributeText } from "../../logs/attribute-text.ts";

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
