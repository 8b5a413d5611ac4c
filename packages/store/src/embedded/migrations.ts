import { AvxError } from "@avx/model";
import { floats } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";
import { DURABLE, EVENTS, FIRST_TABLES } from "./schema.ts";

/**
 * What a version adds to the one before it. A step may run twice, when a process dies in it, so each
 * statement must bear that. A version that was published never changes: a further one follows.
 */
interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

/** Samples that are deleted, though rows still hold them: those of cuts up to `untilCut`. */
const TOMBSTONES = `CREATE TABLE IF NOT EXISTS avx.tombstones (
  series UInt32, startMs Int64, endMs Int64, untilCut UInt32
) ENGINE = MergeTree ORDER BY series SETTINGS ${DURABLE}`;

/** The exemplars in memory as of one log record; a later one takes the place of the whole. */
const EXEMPLARS = `CREATE TABLE IF NOT EXISTS avx.exemplars (
  position UInt64, number UInt32, ms Int64, value Float64,
  series Map(String, String) CODEC(ZSTD(1)), labels Map(String, String) CODEC(ZSTD(1))
) ENGINE = MergeTree PARTITION BY position ORDER BY number SETTINGS ${DURABLE}`;

/** All versions, the oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, statements: FIRST_TABLES },
  { version: 2, statements: [EVENTS, TOMBSTONES] },
  { version: 3, statements: [EXEMPLARS] },
];

/** The version that this program writes. */
export const SCHEMA_VERSION = Math.max(...MIGRATIONS.map(({ version }) => version));

/**
 * Brings the tables to this program's version, step by step. Throws `data_dir_unusable` when they are
 * of a later one: going back is not possible.
 */
export async function migrate(
  engine: Engine,
  { dataDir, log }: { readonly dataDir: string; readonly log: (line: string) => void },
): Promise<void> {
  const found = await foundVersion(engine);
  if (found > SCHEMA_VERSION) {
    const reason = `its tables have version ${found}, this program knows those up to ${SCHEMA_VERSION}`;
    throw new AvxError("data_dir_unusable", { path: dataDir, reason });
  }
  for (const { version, statements } of MIGRATIONS) {
    if (version <= found) continue;
    for (const statement of statements) await engine.command(statement);
    await engine.command(`INSERT INTO avx.schema SELECT ${version}`);
  }
  if (found > 0 && found < SCHEMA_VERSION) {
    log(`the tables of ${dataDir} went from version ${found} to ${SCHEMA_VERSION}`);
  }
}

/** 0 for a new directory. */
async function foundVersion(engine: Engine): Promise<number> {
  await engine.command("CREATE DATABASE IF NOT EXISTS avx ENGINE = Atomic");
  await engine.command(
    `CREATE TABLE IF NOT EXISTS avx.schema (version UInt32) ENGINE = MergeTree ORDER BY version
     SETTINGS ${DURABLE}`,
  );
  const [answer] = await engine.query("SELECT toFloat64(max(version)) AS version FROM avx.schema");
  return answer ? (floats(answer, "version")[0] ?? 0) : 0;
}
