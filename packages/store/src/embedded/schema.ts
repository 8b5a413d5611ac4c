/** Part of every table: a row is on the disk when its insert is done. */
export const DURABLE =
  "fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000";

const TEXT_MAP = "Map(LowCardinality(String), String) CODEC(ZSTD(1))";
const NANOS = "DateTime64(9) CODEC(Delta(8), ZSTD(1))";

/** One row: a run of samples of one series within one 2-hour block (see docs/reference/storage.md). */
const CHUNKS = `CREATE TABLE IF NOT EXISTS avx.chunks (
  metric LowCardinality(String) CODEC(ZSTD(1)),
  series UInt32 CODEC(Delta(4), ZSTD(1)),
  block Int64 CODEC(DoubleDelta, ZSTD(1)),
  cut UInt32 CODEC(ZSTD(1)),
  firstOffset UInt32 CODEC(T64, ZSTD(1)),
  step UInt32 CODEC(ZSTD(1)),
  jitter Array(Int32) CODEC(T64('bit'), ZSTD(1)),
  firstInt Int64 CODEC(ZSTD(1)),
  deltas Array(Int32) CODEC(T64('bit'), ZSTD(1)),
  floats Array(Float64) CODEC(Delta(8), ZSTD(1)),
  extra String CODEC(ZSTD(1))
) ENGINE = MergeTree PARTITION BY toInt32(floor(block / 86400000)) ORDER BY (metric, series, block)
SETTINGS ${DURABLE}`;

/** The column names of the OpenTelemetry collector's ClickHouse exporter, and those of ours: Avx*. */
const TRACES = `CREATE TABLE IF NOT EXISTS avx.otel_traces (
  Timestamp ${NANOS},
  TraceId String CODEC(ZSTD(1)),
  SpanId String CODEC(ZSTD(1)),
  ParentSpanId String CODEC(ZSTD(1)),
  TraceState String CODEC(ZSTD(1)),
  SpanName LowCardinality(String) CODEC(ZSTD(1)),
  SpanKind LowCardinality(String) CODEC(ZSTD(1)),
  ServiceName LowCardinality(String) CODEC(ZSTD(1)),
  ResourceAttributes ${TEXT_MAP},
  ScopeName String CODEC(ZSTD(1)),
  ScopeVersion String CODEC(ZSTD(1)),
  SpanAttributes ${TEXT_MAP},
  Duration UInt64 CODEC(ZSTD(1)),
  StatusCode LowCardinality(String) CODEC(ZSTD(1)),
  StatusMessage String CODEC(ZSTD(1)),
  Events Nested (
    Timestamp DateTime64(9),
    Name LowCardinality(String),
    Attributes Map(LowCardinality(String), String)
  ) CODEC(ZSTD(1)),
  Links Nested (
    TraceId String,
    SpanId String,
    TraceState String,
    Attributes Map(LowCardinality(String), String)
  ) CODEC(ZSTD(1)),
  AvxTyped String CODEC(ZSTD(1)),
  AvxBatch UInt64 CODEC(ZSTD(1)),
  INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1,
  INDEX idx_duration Duration TYPE minmax GRANULARITY 1
) ENGINE = MergeTree PARTITION BY toDate(Timestamp)
ORDER BY (ServiceName, SpanName, toDateTime(Timestamp)) SETTINGS ${DURABLE}`;

const LOGS = `CREATE TABLE IF NOT EXISTS avx.otel_logs (
  Timestamp ${NANOS},
  TraceId String CODEC(ZSTD(1)),
  SpanId String CODEC(ZSTD(1)),
  TraceFlags UInt8,
  SeverityText LowCardinality(String) CODEC(ZSTD(1)),
  SeverityNumber UInt8,
  ServiceName LowCardinality(String) CODEC(ZSTD(1)),
  Body String CODEC(ZSTD(1)),
  ResourceSchemaUrl LowCardinality(String) CODEC(ZSTD(1)),
  ResourceAttributes ${TEXT_MAP},
  ScopeSchemaUrl LowCardinality(String) CODEC(ZSTD(1)),
  ScopeName String CODEC(ZSTD(1)),
  ScopeVersion LowCardinality(String) CODEC(ZSTD(1)),
  ScopeAttributes ${TEXT_MAP},
  LogAttributes ${TEXT_MAP},
  EventName String CODEC(ZSTD(1)),
  AvxObserved ${NANOS},
  AvxTyped String CODEC(ZSTD(1)),
  AvxBatch UInt64 CODEC(ZSTD(1)),
  INDEX idx_trace_id TraceId TYPE bloom_filter(0.001) GRANULARITY 1
) ENGINE = MergeTree PARTITION BY toDate(Timestamp)
ORDER BY (ServiceName, toDateTime(Timestamp)) SETTINGS ${DURABLE}`;

const DOCUMENTS = `CREATE TABLE IF NOT EXISTS avx.documents (
  Timestamp ${NANOS},
  Service LowCardinality(String) CODEC(ZSTD(1)),
  Id String CODEC(ZSTD(1)),
  Document String CODEC(ZSTD(3)),
  Written UInt64 CODEC(ZSTD(1)),
  AvxBatch UInt64 CODEC(ZSTD(1))
) ENGINE = MergeTree PARTITION BY toDate(Timestamp) ORDER BY (Service, Timestamp) SETTINGS ${DURABLE}`;

/** Came within version 1, so that directories of that version may lack it. */
export const EVENTS = `CREATE TABLE IF NOT EXISTS avx.events (
  Timestamp ${NANOS},
  Kind LowCardinality(String) CODEC(ZSTD(1)),
  Service LowCardinality(String) CODEC(ZSTD(1)),
  Id String CODEC(ZSTD(1)),
  Body String CODEC(ZSTD(3)),
  Written UInt64 CODEC(ZSTD(1)),
  AvxBatch UInt64 CODEC(ZSTD(1))
) ENGINE = MergeTree PARTITION BY toDate(Timestamp) ORDER BY (Kind, Service, Timestamp) SETTINGS ${DURABLE}`;

/** A row per sample, for SQL by hand: repeated samples appear once, the last write wins. */
const SAMPLES_VIEW = `CREATE OR REPLACE VIEW avx.samples AS
SELECT metric, labels, fromUnixTimestamp64Milli(ms) AS ts, value FROM (
  SELECT metric, series, ms, argMax(v, cut) AS value FROM (
    SELECT metric, series, cut, ms, v FROM avx.chunks
    ARRAY JOIN
      arrayMap((j, i) -> block + firstOffset + (i - 1) * step + j, jitter, arrayEnumerate(jitter)) AS ms,
      if(empty(deltas), floats,
        arrayMap(sum -> toFloat64(firstInt + sum), arrayCumSum(deltas))) AS v
  ) GROUP BY metric, series, ms
) AS s ANY LEFT JOIN avx.series AS l ON s.series = l.id`;

/** The same since version 5, when rows of integers got their least rise as the one item of `floats`. */
export const SAMPLES_VIEW_WITH_RISE = `CREATE OR REPLACE VIEW avx.samples AS
SELECT metric, labels, fromUnixTimestamp64Milli(ms) AS ts, value FROM (
  SELECT metric, series, ms, argMax(v, cut) AS value FROM (
    SELECT metric, series, cut, ms, v FROM (
      SELECT *, if(empty(deltas), 0., floats[1]) AS rise FROM avx.chunks
    )
    ARRAY JOIN
      arrayMap((j, i) -> block + firstOffset + (i - 1) * step + j, jitter, arrayEnumerate(jitter)) AS ms,
      if(empty(deltas), floats,
        arrayMap((sum, i) -> toFloat64(firstInt + sum + (i - 1) * toInt64(rise)),
          arrayCumSum(deltas), arrayEnumerate(deltas))) AS v
  ) GROUP BY metric, series, ms
) AS s ANY LEFT JOIN avx.series AS l ON s.series = l.id`;

/** The tables of version 1, as they were: later versions change them by a migration. */
export const FIRST_TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS avx.series (id UInt32, labels Map(String, String) CODEC(ZSTD(1)))
   ENGINE = ReplacingMergeTree ORDER BY id SETTINGS ${DURABLE}`,
  CHUNKS,
  `CREATE TABLE IF NOT EXISTS avx.cuts (block Int64, position UInt64)
   ENGINE = ReplacingMergeTree(position) ORDER BY block SETTINGS ${DURABLE}`,
  `CREATE TABLE IF NOT EXISTS avx.metadata
   (name String, type String, unit String, help String, written UInt64)
   ENGINE = ReplacingMergeTree(written) ORDER BY (name, type, unit, help) SETTINGS ${DURABLE}`,
  TRACES,
  LOGS,
  DOCUMENTS,
  SAMPLES_VIEW,
];
