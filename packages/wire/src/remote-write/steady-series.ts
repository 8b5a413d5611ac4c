import type { ProtoReader } from "../protobuf/reader.ts";
import { hasWords } from "./label-cache.ts";
import type { LabelCursor } from "./label-cursor.ts";
import type { RequestBuilder } from "./request-builder.ts";

const TAG_SERIES = 0x0a;

/**
 * Reads series for as long as they are those that the same sender sent before, label bytes then plain
 * samples: of these nothing is looked up or made. The reader then stands at the first that is not.
 */
export function readSteadySeries(
  reader: ProtoReader,
  builder: RequestBuilder,
  cursor: LabelCursor,
): void {
  const sequence = cursor.followed;
  if (sequence === undefined) return;
  const { view, end } = reader;
  const { words, starts, lengths, labels } = sequence;
  let { index } = cursor;
  if (index === 1) builder.expect(sequence.items);
  let at = reader.position;
  for (; index < lengths.length; index++) {
    const start = bodyStart(view, at, end);
    if (start === 0) break;
    const stop = start + bodyLength(view, at);
    const labelsEnd = start + lengths[index]!;
    if (stop > end || labelsEnd > stop) break;
    if (!hasWords(words, starts[index]!, { view, start, end: labelsEnd })) break;
    const samples = { view, start: labelsEnd, end: stop };
    if (!builder.takePlainSeries(labels[index]!, samples)) break;
    at = stop;
  }
  reader.position = at;
  cursor.advance(index);
}

/** Where the body of the series at `at` begins; 0 when it is none or its length has 3 bytes or more. */
function bodyStart(view: DataView, at: number, end: number): number {
  if (at + 3 > end || view.getUint8(at) !== TAG_SERIES) return 0;
  if (view.getUint8(at + 1) < 0x80) return at + 2;
  return view.getUint8(at + 2) < 0x80 ? at + 3 : 0;
}

function bodyLength(view: DataView, at: number): number {
  const first = view.getUint8(at + 1);
  return first < 0x80 ? first : (first & 0x7f) | (view.getUint8(at + 2) << 7);
}
