import { floats, uint32s } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import { BLOCK_MS } from "../../head/sample-block.ts";
import { type Tombstone, Tombstones } from "./tombstones.ts";

/** Series named in one statement: their ids make 80 KiB of text, the engine takes 256. */
const IDS_PER_STATEMENT = 8_000;

/** All that is deleted and not cleaned away. */
export async function loadTombstones(engine: Engine): Promise<Tombstones> {
  const tombstones = new Tombstones();
  const answer = await engine.query(
    `SELECT series, toFloat64(startMs) AS fromMs, toFloat64(endMs) AS toMs, untilCut
     FROM avx.tombstones`,
  );
  for (const block of answer) {
    for (let row = 0; row < block.rows; row++) {
      tombstones.add(uint32s(block, "series")[row]!, {
        startMs: floats(block, "fromMs")[row]!,
        endMs: floats(block, "toMs")[row]!,
        untilCut: uint32s(block, "untilCut")[row]!,
      });
    }
  }
  return tombstones;
}

/** The rows are durable when this resolves. */
export async function insertTombstones(
  engine: Engine,
  seriesIds: readonly number[],
  { startMs, endMs, untilCut }: Tombstone,
): Promise<void> {
  const rows = seriesIds.length;
  const int64 = (name: string, value: number): NamedColumn => ({
    name,
    column: {
      kind: "fixed",
      type: "Int64",
      data: new BigInt64Array(rows).fill(BigInt(Math.round(value))),
    },
  });
  const columns: NamedColumn[] = [
    {
      name: "series",
      column: { kind: "fixed", type: "UInt32", data: Uint32Array.from(seriesIds) },
    },
    int64("startMs", startMs),
    int64("endMs", endMs),
    {
      name: "untilCut",
      column: { kind: "fixed", type: "UInt32", data: new Uint32Array(rows).fill(untilCut) },
    },
  ];
  const token = `tombstones-${crypto.randomUUID()}`;
  await engine.insert({ table: "avx.tombstones", blocks: [{ columns, rows }], token });
}

/** The series and blocks of which some samples are deleted and others are not. */
export async function partlyDeleted(
  engine: Engine,
  tombstones: Tombstones,
): Promise<Map<number, Set<number>>> {
  const seriesOfBlock = new Map<number, Set<number>>();
  for (const { ids, startMs, endMs, untilCut } of tombstones.groups()) {
    const answer = await engine.query(
      `SELECT DISTINCT series, toFloat64(block) AS blockMs FROM avx.chunks
       WHERE series IN {ids:Array(UInt32)} AND cut <= {untilCut:UInt32}
         AND block <= {endMs:Int64} AND block + {lengthMs:Int64} > {startMs:Int64}
         AND NOT (block >= {startMs:Int64} AND block + {lengthMs:Int64} - 1 <= {endMs:Int64})`,
      { ids, untilCut, startMs: Math.round(startMs), endMs: Math.round(endMs), lengthMs: BLOCK_MS },
    );
    for (const block of answer) {
      for (let row = 0; row < block.rows; row++) {
        const blockMs = floats(block, "blockMs")[row]!;
        const known = seriesOfBlock.get(blockMs) ?? new Set();
        seriesOfBlock.set(blockMs, known.add(uint32s(block, "series")[row]!));
      }
    }
  }
  return seriesOfBlock;
}

/**
 * Deletes every row that holds deleted samples; what else they hold must be in later rows by now.
 * Then the tombstones go. May be done again from the start after any failure.
 */
export async function deleteRows(engine: Engine, tombstones: Tombstones): Promise<void> {
  for (const { ids, startMs, endMs, untilCut } of tombstones.groups()) {
    for (let from = 0; from < ids.length; from += IDS_PER_STATEMENT) {
      // Numbers of our own; parameters are not possible in ALTER.
      const some = ids.slice(from, from + IDS_PER_STATEMENT).join(", ");
      await engine.command(
        `ALTER TABLE avx.chunks DELETE WHERE series IN (${some}) AND cut <= ${untilCut}
           AND block <= ${Math.round(endMs)} AND block + ${BLOCK_MS} > ${Math.round(startMs)}
         SETTINGS mutations_sync = 1`,
      );
    }
  }
  await engine.command("TRUNCATE TABLE avx.tombstones");
}
