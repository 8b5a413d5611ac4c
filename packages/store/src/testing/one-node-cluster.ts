import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strings } from "../engine/block-access.ts";
import { engineConfigXml } from "../engine/engine-config.ts";
import { EngineProcess } from "../engine/engine-process.ts";
import { readNative } from "../engine/native-reader.ts";
import { ClickHouseFace } from "./clickhouse-face.ts";

/** A ClickHouse over HTTP with one node, and a folder for what belongs to the test. */
export interface OneNodeCluster {
  readonly face: ClickHouseFace;
  readonly directory: string;
  /** A statement on the node itself. */
  run(sql: string): Promise<void>;
  /** The column `n` of a question to the node itself, as text. */
  rows(sql: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts the embedded engine behind the HTTP face. */
export async function startOneNodeCluster(): Promise<OneNodeCluster> {
  const directory = mkdtempSync(join(tmpdir(), "avx-cluster-"));
  const configFile = join(directory, "engine.xml");
  const spoolDir = join(directory, "face");
  mkdirSync(spoolDir);
  writeFileSync(configFile, engineConfigXml());
  const engine = new EngineProcess({ databaseDir: join(directory, "node"), configFile }, () => {});
  await engine.ready;
  const face = await ClickHouseFace.open(engine, spoolDir);
  return {
    ...{ face, directory },
    async run(sql) {
      await engine.run({ sql, role: "admin" });
    },
    async rows(sql) {
      const asText = `SELECT toString(n) AS n FROM (${sql})`;
      const blocks = readNative(await engine.run({ sql: asText, role: "admin" }));
      return blocks.flatMap((block) =>
        Array.from({ length: block.rows }, (_, row) => strings(block, "n").text(row)),
      );
    },
    async stop() {
      face.close();
      await engine.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
