import type { ApiLogger } from "./api-logger.ts";

/**
 * The place and the version under which `@opentelemetry/api-logs` 0.x looks for its provider. Written
 * directly: the package is not stable yet, and a dependency on it would tie every user to one 0.x.
 */
const LOGS_API = Symbol.for("io.opentelemetry.js.api.logs");
const LOGS_API_VERSION = 1;

interface LoggerProvider {
  getLogger(name: string, version?: string): ApiLogger;
}

/**
 * Registers a logger provider; false when another SDK has. Loggers that a library made before this
 * stay silent.
 */
export function setGlobalLoggerProvider(provider: LoggerProvider): boolean {
  if (Reflect.has(globalThis, LOGS_API)) return false;
  const get = (version: number) => (version === LOGS_API_VERSION ? provider : undefined);
  return Reflect.defineProperty(globalThis, LOGS_API, { configurable: true, value: get });
}

/** Takes the provider away again. */
export function disableLoggerProvider(): void {
  Reflect.deleteProperty(globalThis, LOGS_API);
}
