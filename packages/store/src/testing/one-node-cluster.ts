import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineConfigXml } from "../engine/engine-config.ts";
import { EngineProcess } from "../engine/engine-process.ts";
import { ClickHouseFace } from "./clickhouse-face.ts";

/** A ClickHouse over HTTP with one node, and a folder for what belongs to the test. */
export interface OneNodeCluster {
  readonly face: ClickHouseFace;
  readonly directory: string;
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
    async stop() {
      face.close();
      await engine.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
