import type { PackedGroup, PackedRecords } from "@avx/model";
import type { ColumnData } from "../../engine/native-columns.ts";
import { mixedCell } from "./attribute-types.ts";
import { packTexts } from "./packed-columns.ts";

/** What all rows of a group have in common. */
export type GroupTypes =
  /** Letters of sets that stand before and behind those of the row. */
  | { readonly kind: "letters"; readonly before: string; readonly behind: string }
  /** Letters are not enough; what the reader of the cells wants instead. */
  | { readonly kind: "values"; readonly values: object };

/** The column AvxTyped: few different cells, as rows of one group mostly have the same types. */
export function typedCells(
  { rows, groups, letters }: PackedRecords,
  typesOf: (group: PackedGroup) => GroupTypes,
): ColumnData {
  const ofRows = textsOf(letters.texts, letters.count);
  const cells: (string | Uint8Array)[] = [];
  const indexes = new Uint32Array(rows);
  let row = 0;
  for (const group of groups) {
    const types = typesOf(group);
    const known = new Map<number, number>();
    for (; row < group.endRow; row++) {
      const number = letters.indexes[row]!;
      let cell = known.get(number);
      if (cell === undefined) {
        cell = cells.push(cellOf(types, ofRows[number]!)) - 1;
        known.set(number, cell);
      }
      indexes[row] = cell;
    }
  }
  return { kind: "choice", choices: { texts: packTexts(cells), count: cells.length, indexes } };
}

function cellOf(types: GroupTypes, letters: string): string | Uint8Array {
  if (types.kind === "values") return mixedCell(types.values, letters);
  const cell = types.before + letters + types.behind;
  return /[nb]/.test(cell) ? cell : "";
}

/** Letters are ASCII, so each byte is a character. */
function textsOf(bytes: Uint8Array, count: number): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  return Array.from({ length: count }, () => {
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = buffer[at++]!;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += length;
    return buffer.toString("latin1", at - length, at);
  });
}
