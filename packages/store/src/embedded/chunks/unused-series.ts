import { uint32s } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";

/** Series named in one statement: their ids make 80 KiB of text, the engine takes 256. */
const IDS_PER_STATEMENT = 8_000;

/**
 * Removes the labels of series of which no row is left and that nobody knows any more: where names
 * come and go the table would grow for ever, and with it every start. The last id stays, so that
 * none is given away twice.
 */
export async function dropUnusedSeries(
  engine: Engine,
  isKnown: (id: number) => boolean,
): Promise<void> {
  const answer = await engine.queryBulk(
    `SELECT id FROM avx.series WHERE id < (SELECT max(id) FROM avx.series)
       AND id NOT IN (SELECT series FROM avx.chunks) AND id NOT IN (SELECT series FROM avx.rollups)`,
  );
  const unused = answer
    .flatMap((block) => [...uint32s(block, "id")])
    // What is in memory may be on its way into the engine.
    .filter((id) => !isKnown(id));
  for (let from = 0; from < unused.length; from += IDS_PER_STATEMENT) {
    // Numbers of our own; parameters are not possible in ALTER.
    const some = unused.slice(from, from + IDS_PER_STATEMENT).join(", ");
    await engine.command(
      `ALTER TABLE avx.series DELETE WHERE id IN (${some}) SETTINGS mutations_sync = 1`,
    );
  }
}
