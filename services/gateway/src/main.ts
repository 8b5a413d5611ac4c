import process from "node:process";
import { GATEWAY_HELP, gatewayConfig } from "./config.ts";
import { runGateway } from "./run-gateway.ts";

/** Requests under way get this long to end after a signal. */
const DRAIN_LIMIT_MS = 9_000;

async function main(): Promise<void> {
  const config = gatewayConfig(process.argv.slice(2), process.env);
  if (config.wantsHelp) {
    process.stdout.write(GATEWAY_HELP);
    return;
  }
  const gateway = await runGateway(config);
  const stop = (): void => {
    setTimeout(() => process.exit(0), DRAIN_LIMIT_MS).unref();
    gateway.close().then(() => process.exit(0), fail);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`avx-gateway: ${reason}\n`);
  process.exit(1);
}

main().catch(fail);
