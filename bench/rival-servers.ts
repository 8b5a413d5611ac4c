/** Starts the rivals as Debian packages them, on a free port and a fresh data directory. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type ServerProcess, startProcess } from "./server-process.ts";

/** Whether a program is on the path. */
export function isInstalled(program: string): boolean {
  return spawnSync("which", [program]).status === 0;
}

/** Prometheus that takes remote write and scrapes nothing. */
export async function startPrometheus(): Promise<ServerProcess> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "prom-bench-"));
  const config = join(directory, "prometheus.yml");
  writeFileSync(config, "global: {scrape_interval: 1h}\n");
  const command = [
    "prometheus",
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(directory, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--web.enable-remote-write-receiver",
    "--log.level=error",
  ];
  return startProcess(command, { port, directory, readyPath: "/-/ready" });
}

/** VictoriaMetrics without its caches of answers. */
export async function startVictoriaMetrics(): Promise<ServerProcess> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), "vm-bench-"));
  const command = [
    "victoria-metrics",
    `-storageDataPath=${join(directory, "data")}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    "-retentionPeriod=10y",
    "-search.disableCache",
    "-search.latencyOffset=0",
    "-loggerLevel=ERROR",
  ];
  return startProcess(command, { port, directory, readyPath: "/health" });
}
