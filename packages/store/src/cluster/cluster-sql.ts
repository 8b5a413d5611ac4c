import type { ClusterConnection } from "./cluster-options.ts";

/** Whose tables a statement is about. */
export type ClusterNames = Pick<ClusterConnection, "cluster" | "writer">;

/**
 * Metrics are kept by each server on its own, as the ids of series are its own; spans, log records,
 * documents and events are shared.
 */
const OF_WRITER =
  /\bavx\.(chunks|series|cuts|metadata|exemplars|tombstones|rollups|schema|samples|samples_5m)\b/g;

/** By what the rows of a table are spread over the shards. */
const SHARDED_BY: Readonly<Record<string, string>> = {
  chunks: "cityHash64(series)",
  rollups: "cityHash64(series)",
  tombstones: "cityHash64(series)",
  series: "cityHash64(id)",
  cuts: "cityHash64(block)",
  metadata: "cityHash64(name)",
  exemplars: "cityHash64(position)",
  schema: "cityHash64(version)",
  // A batch lies whole on one shard, so that its insert is done or not, and not half.
  otel_traces: "cityHash64(AvxBatch)",
  otel_logs: "cityHash64(AvxBatch)",
  documents: "cityHash64(Service)",
  events: "cityHash64(Id)",
};

const CREATE_TABLE = /^CREATE TABLE IF NOT EXISTS avx\.(\w+)/;
const DROP_TABLE = /^DROP TABLE IF EXISTS avx\.(\w+)/;
const CREATE_VIEW = /^CREATE OR REPLACE VIEW avx\.(\w+)/;
const ON_PARTS = /^(ALTER TABLE|DELETE FROM|OPTIMIZE TABLE|TRUNCATE TABLE) avx\.(\w+)/;

/** A question or an insert by the names that the cluster's tables have. */
export function clusterStatement(sql: string, names: ClusterNames): string {
  return withParts(sql, names).replace(OF_WRITER, `avx.$1_w${names.writer}`);
}

/** The table of an insert. */
export function clusterTable(table: string, { writer }: ClusterNames): string {
  return table.replace(OF_WRITER, `avx.$1_w${writer}`);
}

/**
 * What a command for the embedded engine becomes: a table is one of replicated parts on every shard
 * and one that spreads over them; what changes parts is carried out on every shard.
 */
export function clusterCommands(sql: string, names: ClusterNames): string[] {
  const onCluster = `ON CLUSTER '${names.cluster}'`;
  const text = clusterStatement(sql, names);
  if (/^CREATE DATABASE/.test(text)) {
    return [text.replace(/^(CREATE DATABASE IF NOT EXISTS avx)/, `$1 ${onCluster}`)];
  }
  const [, created] = CREATE_TABLE.exec(text) ?? [];
  if (created !== undefined) return [localTable(text, created, onCluster), spread(created, names)];
  if (DROP_TABLE.test(text)) {
    return ["$1", "$1_local"].map((name) =>
      text.replace(DROP_TABLE, `DROP TABLE IF EXISTS avx.${name} ${onCluster}`),
    );
  }
  if (CREATE_VIEW.test(text)) return [text.replace(CREATE_VIEW, `$& ${onCluster}`)];
  return [text.replace(ON_PARTS, `$1 avx.$2_local ${onCluster}`)];
}

function localTable(text: string, table: string, onCluster: string): string {
  const path = `'/clickhouse/tables/{shard}/avx/${table}', '{replica}'`;
  return text
    .replace(CREATE_TABLE, `CREATE TABLE IF NOT EXISTS avx.${table}_local ${onCluster}`)
    .replace(/ENGINE = (\w*MergeTree)(?:\((\w*)\))?/, (_, engine: string, version = "") => {
      const argument = version === "" ? "" : `, ${version}`;
      return `ENGINE = Replicated${engine}(${path}${argument})`;
    })
    .replace("non_replicated_deduplication_window", "replicated_deduplication_window");
}

function spread(table: string, { cluster }: ClusterNames): string {
  const key = SHARDED_BY[table.replace(/_w\d+$/, "")] ?? "rand()"; // Of a table to come.
  return (
    `CREATE TABLE IF NOT EXISTS avx.${table} ON CLUSTER '${cluster}' AS avx.${table}_local ` +
    `ENGINE = Distributed('${cluster}', 'avx', '${table}_local', ${key})`
  );
}

/** Parts are those of one replica of every shard, under the names that the embedded engine has. */
function withParts(sql: string, { cluster, writer }: ClusterNames): string {
  const own = `(_w${writer})?_local$`;
  const parts = `(SELECT * REPLACE (replaceRegexpOne(table, '${own}', '') AS table)
      FROM cluster('${cluster}', system.parts))`;
  return sql.replace(/\bsystem\.parts\b/g, () => parts);
}
