import type {
  Attributes,
  PackedAttributes,
  PackedChoices,
  PackedGroup,
  PackedTexts,
} from "@avx/model";
import { ByteWriter } from "../../engine/byte-writer.ts";
import type { ColumnData, RepeatedTexts } from "../../engine/native-columns.ts";
import { attributeText } from "../../logs/attribute-text.ts";

/** The texts one behind the other. */
export function packTexts(texts: readonly (string | Uint8Array)[]): PackedTexts {
  const writer = new ByteWriter(256);
  for (const text of texts) {
    if (typeof text === "string") writer.string(text);
    else writer.sizedBytes(text);
  }
  return writer.view();
}

/** A column of texts that are known beforehand, by their numbers. */
export function numbered(texts: readonly string[], numbers: Uint8Array): ColumnData {
  const choices: PackedChoices = {
    texts: packTexts(texts),
    count: texts.length,
    indexes: new Uint32Array(numbers),
  };
  return { kind: "choice", choices };
}

/** A DateTime64(9) column. */
export function packedNanos(nanos: BigUint64Array): ColumnData {
  const { buffer, byteOffset, length } = nanos;
  return {
    kind: "fixed",
    type: "DateTime64(9)",
    data: new BigInt64Array(buffer, byteOffset, length),
  };
}

/** A column of sets of attributes. */
export function packedAttributes({ ends, names, values }: PackedAttributes): ColumnData {
  return {
    kind: "map",
    ends,
    keys: { kind: "choice", choices: names },
    values: { kind: "packed", texts: values },
  };
}

function rowsOf(groups: readonly PackedGroup[]): number {
  return groups.at(-1)?.endRow ?? 0;
}

/** A column with one text for all rows of a group. */
export function repeatedText(
  groups: readonly PackedGroup[],
  textOf: (group: PackedGroup) => string,
): ColumnData {
  const indexes = new Uint32Array(rowsOf(groups));
  let row = 0;
  for (const [i, { endRow }] of groups.entries()) {
    indexes.fill(i, row, endRow);
    row = endRow;
  }
  const texts = packTexts(groups.map(textOf));
  return { kind: "choice", choices: { texts, count: groups.length, indexes } };
}

/** A column with one set of attributes for all rows of a group. */
export function repeatedAttributes(
  groups: readonly PackedGroup[],
  attributesOf: (group: PackedGroup) => Attributes,
): ColumnData {
  const numbers = new Map<string, number>();
  const ends = new Uint32Array(rowsOf(groups));
  const names: number[] = [];
  const runs: RepeatedTexts[] = [];
  let row = 0;
  for (const group of groups) {
    const attributes = attributesOf(group);
    const ofOne: number[] = [];
    for (const name of attributes.keys()) {
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      ofOne.push(number);
    }
    const texts = packTexts([...attributes.values()].map(attributeText));
    runs.push({ texts, times: group.endRow - row });
    for (; row < group.endRow; row++) {
      for (const number of ofOne) names.push(number);
      ends[row] = names.length;
    }
  }
  const choices: PackedChoices = {
    texts: packTexts([...numbers.keys()]),
    count: numbers.size,
    indexes: new Uint32Array(names),
  };
  return {
    kind: "map",
    ends,
    keys: { kind: "choice", choices },
    values: { kind: "repeated", runs },
  };
}
