import { AvxError } from "@avx/model";
import { initTelemetry } from "./init-telemetry.ts";
import { registerTelemetry } from "./opentelemetry/register-telemetry.ts";
import type { Telemetry } from "./telemetry.ts";
import type { TelemetryOptions } from "./telemetry-options.ts";

/** One telemetry a process, though the module may be loaded twice (preload and import, two copies). */
const STARTED = Symbol.for("avx.telemetry.auto");

// Proof of the `as`: a symbol that only this file writes.
const holder = globalThis as { [STARTED]?: Telemetry };

/** The telemetry that importing this module has started. Everything comes from the environment. */
export const telemetry: Telemetry = holder[STARTED] ?? start();
holder[STARTED] = telemetry;

function start(): Telemetry {
  // Standard output belongs to the application: a pipe may read it.
  const writeLog = (line: string): void => void process.stderr.write(line);
  const options = { writeLog, observeServers: true, flushAtExit: true };
  const started = startedOrDisabled(options);
  registerTelemetry(started);
  return started;
}

/** A wrong variable must not stop an application that never asked for us: it is told and left alone. */
function startedOrDisabled(options: TelemetryOptions): Telemetry {
  try {
    return initTelemetry(options);
  } catch (cause) {
    if (!(cause instanceof AvxError)) throw cause;
    process.stderr.write(`@avx/sdk is off: ${cause.message}\n`);
    return initTelemetry({ ...options, environment: { OTEL_SDK_DISABLED: "true" } });
  }
}
