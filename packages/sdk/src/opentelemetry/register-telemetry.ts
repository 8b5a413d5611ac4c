import { context, logs, metrics, propagation, trace } from "@opentelemetry/api";
import type { Telemetry } from "../telemetry.ts";
import { ApiPropagator } from "./api-propagator.ts";
import { AvxContextManager } from "./context-manager.ts";
import { disableLoggerProvider, setGlobalLoggerProvider } from "./register-logs.ts";

/**
 * Puts `telemetry` behind `@opentelemetry/api`, so that every library instrumented for
 * OpenTelemetry reports to it. Gives the function that takes it away again. A part that another SDK
 * has registered already stays with that one, as the API does it; the API says so in its own log.
 */
export function registerTelemetry(telemetry: Telemetry): () => void {
  // The official SDK has registered itself.
  if (telemetry.isOfficial) return () => {};
  const isTracing = trace.setGlobalTracerProvider({
    getTracer: (name, version) => telemetry.getTracer(name, version),
  });
  const isMetering = metrics.setGlobalMeterProvider({
    getMeter: (name, version) => telemetry.registry.getMeter(name, version),
  });
  const isContext = context.setGlobalContextManager(new AvxContextManager().enable());
  const isPropagating = propagation.setGlobalPropagator(new ApiPropagator(telemetry.propagation));
  const loggers = {
    getLogger: (name: string, version?: string) => telemetry.getLogger(name, version),
  };
  const isLogging = logs.setGlobalLoggerProvider(loggers);
  // Libraries of before API 1.10 use a package of its own.
  const isLoggingApart = setGlobalLoggerProvider(loggers);
  return () => {
    if (isLogging) logs.disable();
    if (isLoggingApart) disableLoggerProvider();
    if (isTracing) trace.disable();
    if (isMetering) metrics.disable();
    if (isContext) context.disable();
    if (isPropagating) propagation.disable();
  };
}
