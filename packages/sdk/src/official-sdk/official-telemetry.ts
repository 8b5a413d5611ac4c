import { trace } from "@opentelemetry/api";
import { OWN_SCOPE } from "../exposition/families.ts";
import { ApiPropagator } from "../opentelemetry/api-propagator.ts";
import { AvxContextManager } from "../opentelemetry/context-manager.ts";
import { SDK_VERSION } from "../resource.ts";
import type { Telemetry } from "../telemetry.ts";
import type { TelemetryConfig } from "../telemetry-config.ts";
import { loadOfficial, type OfficialPackages } from "./load-official.ts";
import { PASSING_MIDDLEWARE } from "./passing-middleware.ts";

/** What the official SDK does itself is left out of ours: traces, and observing http and undici. */
export function besideOfficial(config: TelemetryConfig): TelemetryConfig {
  if (!config.isOfficial) return config;
  const kept = [...config.instrumentations].filter((name) => name === "runtime-node");
  return {
    ...config,
    instrumentations: new Set(kept),
    targets: { ...config.targets, traces: undefined },
    printed: new Set([...config.printed].filter((signal) => signal !== "traces")),
  };
}

/**
 * Starts the official SDK under the names of `telemetry`, with its context and its headers, and
 * gives a telemetry whose spans are the official SDK's. It exports to where OTEL_* of the process
 * say, by default to where we would. Instruments of `telemetry.metrics` and its log stay ours.
 */
export function officialTelemetry(
  telemetry: Telemetry,
  report: (message: string) => void,
  official: OfficialPackages = loadOfficial(),
): Telemetry {
  const { NodeSDK, instrumentations } = official;
  if (instrumentations.length === 0) {
    report("AVX_SDK=official: no instrumentation is installed, so requests are not observed");
  }
  const sdk = new NodeSDK({
    resource: officialResource(telemetry, official),
    autoDetectResources: false,
    contextManager: new AvxContextManager().enable(),
    textMapPropagator: new ApiPropagator(telemetry.propagation),
    instrumentations,
  });
  sdk.start();
  return {
    ...telemetry,
    isOfficial: true,
    tracer: trace.getTracer(OWN_SCOPE, SDK_VERSION),
    getTracer: (name, version) => trace.getTracer(name, version),
    middleware: PASSING_MIDDLEWARE,
    flush: async () => {
      await Promise.all([telemetry.flush(), flushedSpans()]);
    },
    shutdown: async () => {
      await Promise.all([telemetry.shutdown(), sdk.shutdown().catch(() => {})]);
    },
  };
}

/** Our names; what the SDK is called stays its own. */
function officialResource(telemetry: Telemetry, official: OfficialPackages) {
  const names = [...telemetry.resource.attributes].filter(
    ([name]) => !name.startsWith("telemetry.sdk."),
  );
  const own = official.resourceFromAttributes(Object.fromEntries(names));
  return official.defaultResource().merge(own);
}

async function flushedSpans(): Promise<void> {
  const provider = trace.getTracerProvider();
  // The API gives a stand-in, behind which is the official provider.
  const real = "getDelegate" in provider ? callOf(provider, "getDelegate") : provider;
  await callOf(real, "forceFlush");
}

function callOf(target: unknown, name: string): unknown {
  if (typeof target !== "object" || target === null) return undefined;
  const method: unknown = Reflect.get(target, name);
  return typeof method === "function" ? method.call(target) : undefined;
}
