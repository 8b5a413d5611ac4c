import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { composeServer, parseServerConfig, type RunningServer } from "@avx/server";

/** A server of the whole product in this process, on free ports. */
export interface TestServer {
  readonly url: string;
  readonly otlpUrl: string;
  readonly dataDir: string;
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/** Starts a server; `dataDir` is a fresh folder unless given, and removed on `stop` only when fresh. */
export async function startServer(
  flags: readonly string[] = [],
  options: { readonly dataDir?: string; readonly nowMs?: () => number } = {},
): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "avx-e2e-")));
  const doors = ["--otlp-listen", "127.0.0.1:0", "--otlp-grpc-listen", "off"];
  const listen = ["--listen", "127.0.0.1:0", ...doors];
  const config = parseServerConfig([...listen, "--data-dir", dataDir, ...flags], {});
  const log: string[] = [];
  const server: RunningServer = await composeServer(config, {
    nowMs: options.nowMs ?? Date.now,
    log: (level, message) => log.push(`${level} ${message}`),
    version: "0.0.0-test",
  });
  return {
    url: `http://127.0.0.1:${server.address.port}`,
    otlpUrl: `http://127.0.0.1:${server.otlpAddress?.port}`,
    dataDir,
    log,
    async stop() {
      await server.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
