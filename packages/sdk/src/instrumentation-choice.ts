import type { Environment } from "./environment.ts";

/** What the SDK observes by itself, under the names that OpenTelemetry's packages have. */
export type OwnInstrumentation = "http" | "undici" | "runtime-node";

const OWN: readonly OwnInstrumentation[] = ["http", "undici", "runtime-node"];
const OFFICIAL_SCOPE = "@opentelemetry/instrumentation-";

/**
 * Reads `OTEL_NODE_ENABLED_INSTRUMENTATIONS` and `OTEL_NODE_DISABLED_INSTRUMENTATIONS`: with the
 * first only the named ones are on, the second takes away. Other names mean packages that are not
 * the SDK's, and are passed over.
 */
export function enabledInstrumentations(environment: Environment): Set<OwnInstrumentation> {
  const enabled = names(environment, "OTEL_NODE_ENABLED_INSTRUMENTATIONS");
  const disabled = names(environment, "OTEL_NODE_DISABLED_INSTRUMENTATIONS");
  return new Set(
    OWN.filter((own) => (enabled.length === 0 || enabled.includes(own)) && !disabled.includes(own)),
  );
}

/**
 * What an official instrumentation, known by its scope's name, does that the SDK does as well. Two
 * would count every request twice and write two trace headers, which makes both invalid.
 */
export function takenOverBy(scopeName: string): OwnInstrumentation | undefined {
  if (scopeName === `${OFFICIAL_SCOPE}http`) return "http";
  return scopeName === `${OFFICIAL_SCOPE}undici` ? "undici" : undefined;
}

function names(environment: Environment, option: string): string[] {
  return (environment[option] ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
