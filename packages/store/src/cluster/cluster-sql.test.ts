import { describe, expect, it } from "vitest";
import { MIGRATIONS } from "../embedded/migrations.ts";
import { clusterCommands, clusterStatement, clusterTable } from "./cluster-sql.ts";

const NAMES = { cluster: "main", writer: 7 };

describe("statements for a cluster", () => {
  it("ask the tables of one server for metrics, and those of all for the rest", () => {
    expect(clusterStatement("SELECT id FROM avx.series FINAL", NAMES)).toBe(
      "SELECT id FROM avx.series_w7 FINAL",
    );
    expect(clusterStatement("SELECT 1 FROM avx.otel_traces", NAMES)).toBe(
      "SELECT 1 FROM avx.otel_traces",
    );
    expect(clusterTable("avx.chunks", NAMES)).toBe("avx.chunks_w7");
    expect(clusterTable("avx.events", NAMES)).toBe("avx.events");
  });

  it("count the parts of all shards under the names of one node", () => {
    const sql = clusterStatement("SELECT 1 FROM system.parts WHERE table = 'chunks'", NAMES);
    expect(sql).toContain("FROM cluster('main', system.parts)");
    expect(sql).toContain("replaceRegexpOne(table, '(_w7)?_local$', '')");
    expect(sql).toMatch(/WHERE table = 'chunks'$/);
  });

  it("make a replicated table on each shard and one that spreads over them", () => {
    const [local, spread, ...others] = clusterCommands(
      "CREATE TABLE IF NOT EXISTS avx.cuts (block Int64, position UInt64)\n" +
        " ENGINE = ReplacingMergeTree(position) ORDER BY block" +
        " SETTINGS fsync_after_insert = 1, non_replicated_deduplication_window = 1000",
      NAMES,
    );
    expect(local).toBe(
      "CREATE TABLE IF NOT EXISTS avx.cuts_w7_local ON CLUSTER 'main' (block Int64, position UInt64)\n" +
        " ENGINE = ReplicatedReplacingMergeTree('/clickhouse/tables/{shard}/avx/cuts_w7', '{replica}', position)" +
        " ORDER BY block SETTINGS fsync_after_insert = 1, replicated_deduplication_window = 1000",
    );
    expect(spread).toBe(
      "CREATE TABLE IF NOT EXISTS avx.cuts_w7 ON CLUSTER 'main' AS avx.cuts_w7_local " +
        "ENGINE = Distributed('main', 'avx', 'cuts_w7_local', cityHash64(block))",
    );
    expect(others).toEqual([]);
  });

  it("drop partitions on every shard", () => {
    expect(
      clusterCommands("ALTER TABLE avx.otel_logs DROP PARTITION ID '20251120'", NAMES),
    ).toEqual(["ALTER TABLE avx.otel_logs_local ON CLUSTER 'main' DROP PARTITION ID '20251120'"]);
  });

  it("drop a table on every shard, and what spreads over them", () => {
    expect(clusterCommands("DROP TABLE IF EXISTS avx.rollups SYNC", NAMES)).toEqual([
      "DROP TABLE IF EXISTS avx.rollups_w7 ON CLUSTER 'main' SYNC",
      "DROP TABLE IF EXISTS avx.rollups_w7_local ON CLUSTER 'main' SYNC",
    ]);
  });

  it("spread each of our tables by a key of its own columns", () => {
    for (const statement of MIGRATIONS.flatMap(({ statements }) => statements)) {
      const [local = "", spread = ""] = clusterCommands(statement, NAMES);
      if (!statement.startsWith("CREATE TABLE")) continue;
      const [, column = "none"] = /cityHash64\((\w+)\)\)$/.exec(spread) ?? [];
      expect(local).toMatch(new RegExp(`[(\\s]${column} `));
    }
  });
});
