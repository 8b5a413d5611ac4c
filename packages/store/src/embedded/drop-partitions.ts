import { strings } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";

const DAY_MS = 86_400_000;

/** Tables that are partitioned by day, and how their partition's name tells the day. */
const DAY_OF_PARTITION = {
  chunks: "toInt32(partition_id)",
  rollups: "toInt32(partition_id)",
  otel_traces: "toInt32(toDate(partition))",
  otel_logs: "toInt32(toDate(partition))",
  documents: "toInt32(toDate(partition))",
  events: "toInt32(toDate(partition))",
} as const;

/** A table that is partitioned by day. */
export type DailyTable = keyof typeof DAY_OF_PARTITION;

/**
 * Drops the days of the table that end at or before `beforeMs`: no row is ever deleted singly. Resolves
 * with the number of days.
 */
export async function dropOldPartitions(
  engine: Engine,
  table: DailyTable,
  beforeMs: number,
): Promise<number> {
  let dropped = 0;
  const answer = await engine.query(
    `SELECT DISTINCT partition_id AS id FROM system.parts
     WHERE active AND database = 'avx' AND table = {table:String}
       AND ${DAY_OF_PARTITION[table]} < {day:Int32}`,
    { table, day: Math.floor(beforeMs / DAY_MS) },
  );
  for (const block of answer) {
    for (let row = 0; row < block.rows; row++) {
      const id = strings(block, "id").text(row);
      // Ids are the engine's own (digits and a sign); parameters are not possible in ALTER.
      if (/^-?\w+$/.test(id)) {
        await engine.command(`ALTER TABLE avx.${table} DROP PARTITION ID '${id}'`);
        dropped++;
      }
    }
  }
  return dropped;
}
