import { AvxError, initTelemetry } from "@avx/sdk";
import type { FastifyInstance } from "fastify";
import { buildGateway } from "./app.ts";
import type { GatewayConfig } from "./config.ts";

/** Starts the gateway; resolves once it listens. A taken port is a `port_taken`. */
export async function runGateway(config: GatewayConfig): Promise<{ close(): Promise<void> }> {
  const { host, port, upstream, upstreamTimeoutMs } = config;
  const telemetry = initTelemetry({
    serviceName: "avx-gateway",
    instanceId: `${host}:${port}`,
    environment: config.telemetryEnvironment,
  });
  const app = await buildGateway({ telemetry, upstream, upstreamTimeoutMs });
  try {
    await listen(app, config);
  } catch (cause) {
    await app.close();
    await telemetry.shutdown();
    throw cause;
  }
  telemetry.log.info("ready", { url: `http://${host}:${port}`, upstream });
  return {
    close: async () => {
      telemetry.log.info("stopping");
      await app.close();
      telemetry.log.info("stopped");
      await telemetry.shutdown();
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: GatewayConfig): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const isTaken = cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE";
    if (!isTaken) throw cause;
    throw new AvxError("port_taken", { host, port, option: "--port or PORT" }, { cause });
  }
}
