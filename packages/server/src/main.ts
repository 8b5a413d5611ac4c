import { composeServer } from "./compose.ts";
import { parseServerConfig } from "./config.ts";
import { tightenLargeHeap } from "./self/heap-growth.ts";
import { createLog } from "./self/log.ts";

/** What the command line gives: variables and the version that it was published as. */
export interface ServeOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** A stop that hangs must not keep the process for ever. */
const STOP_TIMEOUT_MS = 10_000;

/**
 * Runs the server until SIGTERM or SIGINT, then drains and exits 0. Throws AvxError
 * `invalid_config`, `port_taken` or `data_dir_unusable` when it cannot start.
 */
export async function serve(
  argv: readonly string[],
  { env, version }: ServeOptions,
): Promise<void> {
  tightenLargeHeap();
  const config = parseServerConfig(argv, env);
  const nowMs = (): number => Date.now();
  const log = createLog(config.logFormat, nowMs);
  const server = await composeServer(config, { nowMs, log, version });
  const stop = (signal: string): void => {
    log("info", "stopping", { signal });
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    server.close().then(
      () => {
        log("info", "stopped");
        process.exit(0);
      },
      (error: unknown) => {
        log("error", "stop failed", { reason: String(error) });
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.on("SIGHUP", () => {
    server.reload().then(
      () => log("info", "configuration read again"),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log("error", "configuration not read", { reason });
      },
    );
  });
  const { host, port } = server.address;
  const scheme = config.tls ? "https" : "http";
  log("info", `AVX Telemetry ${version} listens on ${scheme}://${host}:${port}/`, {
    store: config.store,
    otlp: server.otlpAddress && `${scheme}://${server.otlpAddress.host}:${server.otlpAddress.port}`,
    otlpGrpc:
      server.otlpGrpcAddress && `${server.otlpGrpcAddress.host}:${server.otlpGrpcAddress.port}`,
  });
}
