import { type ProtoReader, WIRE_LENGTH } from "./reader.ts";

/** Reads one number of a repeated field. */
export type ReadNumber = (reader: ProtoReader) => number;

/**
 * Reads one occurrence of a repeated number field, packed or not, behind `values`. Parsers must
 * accept both forms; senders use the packed one.
 */
export function readRepeated(
  reader: ProtoReader,
  { tag, values, read }: { tag: number; values: Float64Array; read: ReadNumber },
): Float64Array {
  const found: number[] = [];
  if ((tag & 7) === WIRE_LENGTH) {
    const outer = reader.enter();
    while (reader.position < reader.end) found.push(read(reader));
    reader.leave(outer);
  } else found.push(read(reader));
  if (values.length === 0) return Float64Array.from(found);
  const joined = new Float64Array(values.length + found.length);
  joined.set(values);
  joined.set(found, values.length);
  return joined;
}

/** One double. */
export const readDouble: ReadNumber = (reader) => reader.double();
/** One fixed64 as the nearest double. */
export const readFixed64: ReadNumber = (reader) => reader.fixed64AsNumber();
/** One uint64 varint as the nearest double. */
export const readUint64: ReadNumber = (reader) => reader.uint64AsNumber();
/** One zigzag varint as the nearest double. */
export const readSint64: ReadNumber = (reader) => reader.sint64AsNumber();
