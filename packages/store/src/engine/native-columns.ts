import type { PackedChoices, PackedTexts } from "@avx/model";

/** Fixed-width column types that we use, and the typed array that holds them. */
export type FixedType =
  | "UInt8"
  | "UInt32"
  | "Int32"
  | "Int64"
  | "UInt64"
  | "Float64"
  | "DateTime64(9)";

/** Memory of a fixed-width column. */
export type FixedArray =
  | Uint8Array
  | Uint32Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array
  | Float64Array;

/** A column to be written in ClickHouse's Native format. */
export type ColumnData =
  | { readonly kind: "fixed"; readonly type: FixedType; readonly data: FixedArray }
  | { readonly kind: "string"; readonly data: readonly (string | Uint8Array)[] }
  /** Texts that are encoded already. */
  | { readonly kind: "packed"; readonly texts: PackedTexts }
  /** The same texts for several rows: `texts` `times` times, one behind the other. */
  | { readonly kind: "repeated"; readonly runs: readonly RepeatedTexts[] }
  /** Texts of which many are equal: the engine keeps them so. */
  | { readonly kind: "choice"; readonly choices: PackedChoices }
  /** `ends[i]` = number of items of the rows up to and including row i. */
  | { readonly kind: "array"; readonly ends: ArrayLike<number>; readonly items: ColumnData }
  | {
      readonly kind: "map";
      readonly ends: ArrayLike<number>;
      readonly keys: ColumnData;
      readonly values: ColumnData;
    };

/** Some texts that stand in a column several times. */
export interface RepeatedTexts {
  readonly texts: PackedTexts;
  readonly times: number;
}

/** A column of a table. */
export interface NamedColumn {
  readonly name: string;
  readonly column: ColumnData;
}

/** The ClickHouse type of a column to be written. */
export function typeName(column: ColumnData): string {
  switch (column.kind) {
    case "fixed":
      return column.type;
    case "string":
    case "packed":
    case "repeated":
      return "String";
    case "choice":
      return "LowCardinality(String)";
    case "array":
      return `Array(${typeName(column.items)})`;
    case "map":
      return `Map(${typeName(column.keys)}, ${typeName(column.values)})`;
  }
}
