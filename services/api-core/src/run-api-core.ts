import { AvxError, initTelemetry } from "@avx/sdk";
import type { FastifyInstance } from "fastify";
import { buildApiCore } from "./app.ts";
import type { ApiCoreConfig } from "./config.ts";

/** Starts api-core; resolves once it listens. A taken port is a `port_taken`. */
export async function runApiCore(config: ApiCoreConfig): Promise<{ close(): Promise<void> }> {
  const { host, port, serverUrl, errorRatio } = config;
  const telemetry = initTelemetry({
    serviceName: "avx-api-core",
    instanceId: `${host}:${port}`,
    environment: config.telemetryEnvironment,
  });
  const app = await buildApiCore({ telemetry, serverUrl, errorRatio });
  try {
    await listen(app, config);
  } catch (cause) {
    await app.close();
    await telemetry.shutdown();
    throw cause;
  }
  telemetry.log.info("ready", { url: `http://${host}:${port}`, server: serverUrl });
  return {
    close: async () => {
      telemetry.log.info("stopping");
      await app.close();
      telemetry.log.info("stopped");
      await telemetry.shutdown();
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: ApiCoreConfig): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    if (!isTaken) throw cause;
    throw new AvxError("port_taken", { host, port, option: "--port or PORT" }, { cause });
  }
}
