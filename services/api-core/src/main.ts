import process from "node:process";
import { API_CORE_HELP, apiCoreConfig } from "./config.ts";
import { runApiCore } from "./run-api-core.ts";

/** Requests under way get this long to end after a signal. */
const DRAIN_LIMIT_MS = 9_000;

async function main(): Promise<void> {
  const config = apiCoreConfig(process.argv.slice(2), process.env);
  if (config.wantsHelp) {
    process.stdout.write(API_CORE_HELP);
    return;
  }
  const apiCore = await runApiCore(config);
  const stop = (): void => {
    setTimeout(() => process.exit(0), DRAIN_LIMIT_MS).unref();
    apiCore.close().then(() => process.exit(0), fail);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function fail(error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`avx-api-core: ${reason}\n`);
  process.exit(1);
}

main().catch(fail);
