import { AvxError } from "@avx/model";
import { floats } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";
import { ROLLUPS_TABLE, ROLLUPS_VIEW } from "./rollups/rollup-schema.ts";
import { DURABLE, EVENTS, FIRST_TABLES, SAMPLES_VIEW_WITH_RISE } from "./schema.ts";

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

const FLOATS = "Array(Float64) CODEC(Delta(8), ZSTD(1))";
const OFFSETS = "Array(UInt32) CODEC(T64, ZSTD(1))";

/** As version 4 had it. No release wrote such rows, so version 5 drops them with the table. */
const ROLLUPS = `CREATE TABLE IF NOT EXISTS avx.rollups (
  metric LowCardinality(String) CODEC(ZSTD(1)),
  series UInt32 CODEC(Delta(4), ZSTD(1)),
  block Int64 CODEC(DoubleDelta, ZSTD(1)),
  cut UInt32 CODEC(ZSTD(1)),
  bucket Array(UInt8) CODEC(ZSTD(1)),
  count Array(UInt32) CODEC(T64, ZSTD(1)),
  firstOffset ${OFFSETS}, lastOffset ${OFFSETS},
  sum ${FLOATS}, first ${FLOATS}, last ${FLOATS}, min ${FLOATS}, max ${FLOATS}, increase ${FLOATS}
) ENGINE = ReplacingMergeTree(cut) PARTITION BY toInt32(floor(block / 86400000))
ORDER BY (metric, series, block) SETTINGS ${DURABLE}`;

/** As version 4 had it. */
const SAMPLES_5M_VIEW = `CREATE OR REPLACE VIEW avx.samples_5m AS
SELECT metric, labels, fromUnixTimestamp64Milli(block + toInt64(b) * 300000) AS ts, n AS count,
  s AS sum, low AS min, high AS max, f AS first, l AS last, risen AS increase
FROM (
  SELECT metric, series, block, b, n, s, f, l, low, high, risen FROM avx.rollups FINAL
  ARRAY JOIN bucket AS b, count AS n, sum AS s, first AS f, last AS l,
    if(empty(min), first, min) AS low, if(empty(max), last, max) AS high,
    if(empty(increase), arrayMap((x, y) -> y - x, first, last), increase) AS risen
) AS r ANY LEFT JOIN avx.series AS i ON r.series = i.id`;

/** All versions, the oldest first. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, statements: FIRST_TABLES },
  { version: 2, statements: [EVENTS, TOMBSTONES] },
  { version: 3, statements: [EXEMPLARS] },
  { version: 4, statements: [ROLLUPS, SAMPLES_5M_VIEW] },
  {
    version: 5,
    statements: [
      "DROP TABLE IF EXISTS avx.rollups SYNC",
      ...[ROLLUPS_TABLE, ROLLUPS_VIEW, SAMPLES_VIEW_WITH_RISE],
    ],
  },
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
