import {
  arrays,
  floatData,
  floats,
  int32Data,
  strings,
  uint32s,
} from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NativeBlock } from "../../engine/native-reader.ts";
import { BLOCK_MS } from "../../head/sample-block.ts";
import type { Tombstones } from "../deletion/tombstones.ts";
import { BUCKET_MS, type Rollup } from "./rollup.ts";
import { ROLLUP_ARRAYS } from "./rollup-schema.ts";
import { type RollupRow, rollupBlocks } from "./rollup-table.ts";

/** Series named in one statement: their ids make 80 KiB of text, the engine takes 256. */
const IDS_PER_STATEMENT = 8_000;

/** Which bucket, and the cut that its row was written with. */
export interface BucketPlace {
  readonly startMs: number;
  readonly cut: number;
}

/** A bucket that a deleted range touches is left out whole: what of it is left cannot be said. */
export function isDeletedBucket(
  tombstones: Tombstones,
  seriesId: number,
  bucket: BucketPlace,
): boolean {
  return (tombstones.of(seriesId) ?? []).some(
    ({ startMs, endMs, untilCut }) =>
      untilCut >= bucket.cut && startMs < bucket.startMs + BUCKET_MS && endMs >= bucket.startMs,
  );
}

/**
 * Writes the rows that hold deleted buckets anew without them, with a cut that no tombstone means, and
 * removes the old ones. May be done again from the start after any failure.
 */
export async function cleanRollups(
  engine: Engine,
  tombstones: Tombstones,
  nextCut: () => number,
): Promise<void> {
  const groups = tombstones.groups();
  const ids = [...new Set(groups.flatMap((group) => group.ids))];
  for (let from = 0; from < ids.length; from += IDS_PER_STATEMENT) {
    const rows = await rowsOf(engine, ids.slice(from, from + IDS_PER_STATEMENT));
    const left = rows.flatMap(({ cut, ...row }) => keptRow(row, cut, tombstones) ?? []);
    if (left.length === 0) continue;
    const token = `clean-rollups-${crypto.randomUUID()}`;
    await engine.insert({
      table: "avx.rollups",
      blocks: rollupBlocks(left, nextCut()),
      token,
    });
  }
  for (const { ids: some, startMs, endMs, untilCut } of groups) {
    for (let from = 0; from < some.length; from += IDS_PER_STATEMENT) {
      // Numbers of our own; parameters are not possible in ALTER.
      await engine.command(
        `ALTER TABLE avx.rollups
           DELETE WHERE series IN (${some.slice(from, from + IDS_PER_STATEMENT).join(", ")})
             AND cut <= ${untilCut} AND block <= ${Math.round(endMs)}
             AND block + ${BLOCK_MS} > ${Math.round(startMs)}
         SETTINGS mutations_sync = 1`,
      );
    }
  }
}

/** The row without its deleted buckets; `undefined` when it has none, or nothing is left of it. */
function keptRow(row: RollupRow, cut: number, tombstones: Tombstones): RollupRow | undefined {
  const isKept = row.rollup.bucket.map((bucket) => {
    const startMs = row.blockMs + bucket * BUCKET_MS;
    return !isDeletedBucket(tombstones, row.seriesId, { startMs, cut });
  });
  if (isKept.every(Boolean) || !isKept.some(Boolean)) return undefined;
  const kept = (values: readonly number[]): number[] => values.filter((_, i) => isKept[i]);
  const { bucket, count, sum, min, max, first, last, firstOffset, lastOffset, increase } =
    row.rollup;
  const rollup: Rollup = {
    ...{ bucket: kept(bucket), count: kept(count), sum: kept(sum), min: kept(min) },
    ...{ max: kept(max), first: kept(first), last: kept(last), increase: kept(increase) },
    ...{ firstOffset: kept(firstOffset), lastOffset: kept(lastOffset) },
  };
  return { ...row, rollup };
}

interface CutRow extends RollupRow {
  readonly cut: number;
}

async function rowsOf(engine: Engine, ids: readonly number[]): Promise<CutRow[]> {
  const answer = await engine.queryBulk(
    `SELECT CAST(metric, 'String') AS name, series, toFloat64(block) AS blockMs, cut,
       CAST(buckets, 'Array(Int32)') AS bucket, CAST(counts, 'Array(Int32)') AS count,
       CAST(firstOffsets, 'Array(Int32)') AS firstOffset,
       CAST(lastOffsets, 'Array(Int32)') AS lastOffset, sums AS sum, firsts AS first,
       lasts AS last, mins AS min, maxs AS max, increases AS increase
     FROM (
       SELECT metric, series, block, cut, ${ROLLUP_ARRAYS} FROM avx.rollups FINAL
       WHERE series IN {ids:Array(UInt32)}
     )`,
    { ids },
  );
  return answer.flatMap(rowsOfBlock);
}

function rowsOfBlock(block: NativeBlock): CutRow[] {
  const { ends } = arrays(block, "bucket");
  const part = (row: number): [number, number] => [row === 0 ? 0 : ends[row - 1]!, ends[row]!];
  const integers = (name: string) => {
    const data = int32Data(arrays(block, name).items, name);
    return (row: number): number[] => [...data.subarray(...part(row))];
  };
  const numbers = (name: string) => {
    const data = floatData(arrays(block, name).items, name);
    return (row: number): number[] => [...data.subarray(...part(row))];
  };
  const [bucket, count] = [integers("bucket"), integers("count")];
  const [firstOffset, lastOffset] = [integers("firstOffset"), integers("lastOffset")];
  const [sum, first, last] = [numbers("sum"), numbers("first"), numbers("last")];
  const [min, max, increase] = [numbers("min"), numbers("max"), numbers("increase")];
  return Array.from({ length: block.rows }, (_, row) => ({
    metric: strings(block, "name").text(row),
    seriesId: uint32s(block, "series")[row]!,
    blockMs: floats(block, "blockMs")[row]!,
    cut: uint32s(block, "cut")[row]!,
    rollup: {
      ...{ bucket: bucket(row), count: count(row), sum: sum(row), min: min(row), max: max(row) },
      ...{ first: first(row), last: last(row), increase: increase(row) },
      ...{ firstOffset: firstOffset(row), lastOffset: lastOffset(row) },
    },
  }));
}
