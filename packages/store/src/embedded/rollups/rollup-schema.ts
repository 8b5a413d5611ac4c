import { DURABLE } from "../schema.ts";

const FLOATS = "Array(Float64) CODEC(Delta(8), ZSTD(1))";
const INTEGERS = "Array(Int64) CODEC(T64('bit'), ZSTD(1))";
const LATENESS = "Array(UInt32) CODEC(T64('bit'), ZSTD(1))";

/**
 * 5-minute roll-ups: one row for a series and a 2-hour block (docs/reference/storage.md). As in the
 * table `chunks` times are kept as their distance from what repeats, and integers as differences.
 */
export const ROLLUPS_TABLE = `CREATE TABLE IF NOT EXISTS avx.rollups (
  metric LowCardinality(String) CODEC(ZSTD(1)),
  series UInt32 CODEC(Delta(4), ZSTD(1)),
  block Int64 CODEC(DoubleDelta, ZSTD(1)),
  cut UInt32 CODEC(ZSTD(1)),
  bucket Array(UInt8) CODEC(ZSTD(1)),
  count Array(UInt32) CODEC(T64, ZSTD(1)),
  earliest UInt32 CODEC(ZSTD(1)), firstLate ${LATENESS},
  latest UInt32 CODEC(ZSTD(1)), lastEarly ${LATENESS},
  firstInt Int64 CODEC(T64('bit'), ZSTD(1)),
  gaps ${INTEGERS}, rises ${INTEGERS}, sumRest ${INTEGERS},
  sum ${FLOATS}, first ${FLOATS}, last ${FLOATS}, min ${FLOATS}, max ${FLOATS}, increase ${FLOATS}
) ENGINE = ReplacingMergeTree(cut) PARTITION BY toInt32(floor(block / 86400000))
ORDER BY (metric, series, block) SETTINGS ${DURABLE}`;

/** What a SELECT of the table `rollups` asks for to have every array of a row as plain numbers. */
export const ROLLUP_ARRAYS = `bucket AS buckets, count AS counts,
  arrayMap((b, late) -> b * 300000 + earliest + late, bucket, firstLate) AS firstOffsets,
  arrayMap((b, early) -> b * 300000 + latest - early, bucket, lastEarly) AS lastOffsets,
  arrayMap((upTo, rise) -> firstInt + upTo - rise,
    arrayCumSum(arrayMap((gap, rise) -> gap + rise, gaps, rises)), rises) AS firstInts,
  if(empty(rises), first, arrayMap(f -> toFloat64(f), firstInts)) AS firsts,
  if(empty(rises), last, arrayMap((f, rise) -> toFloat64(f + rise), firstInts, rises)) AS lasts,
  if(empty(rises), sum,
    arrayMap((n, f, rise, rest) -> toFloat64(rest + n * f + intDiv(n * rise, 2)),
      arrayResize(count, length(rises)), firstInts, rises, sumRest)) AS sums,
  if(empty(min), firsts, min) AS mins, if(empty(max), lasts, max) AS maxs,
  if(empty(increase), arrayMap((f, l) -> l - f, firsts, lasts), increase) AS increases`;

/** A row for each 5 minutes that have a sample, for SQL by hand. */
export const ROLLUPS_VIEW = `CREATE OR REPLACE VIEW avx.samples_5m AS
SELECT metric, labels, fromUnixTimestamp64Milli(block + toInt64(b) * 300000) AS ts, n AS count,
  s AS sum, low AS min, high AS max, f AS first, l AS last, risen AS increase
FROM (
  SELECT metric, series, block, b, n, s, f, l, low, high, risen FROM (
    SELECT metric, series, block, ${ROLLUP_ARRAYS} FROM avx.rollups FINAL
  ) ARRAY JOIN buckets AS b, counts AS n, sums AS s, firsts AS f, lasts AS l,
    mins AS low, maxs AS high, increases AS risen
) AS r ANY LEFT JOIN avx.series AS i ON r.series = i.id`;
