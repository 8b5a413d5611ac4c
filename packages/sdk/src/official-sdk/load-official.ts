import { AvxError } from "@avx/model";
import { nodeModule } from "../lazy-builtins.ts";

/** Gives a package by its name, as `require` does. */
export type LoadPackage = (name: string) => unknown;

const SDK = "@opentelemetry/sdk-node";
const RESOURCES = "@opentelemetry/resources";
const ALL_INSTRUMENTATIONS = "@opentelemetry/auto-instrumentations-node";
/** Instrumentations that are used when they are installed one by one. */
const INSTRUMENTATIONS = [
  "http",
  "undici",
  "express",
  "fastify",
  "koa",
  "nestjs-core",
  "grpc",
  "pg",
  "mysql2",
  "mongodb",
  "redis",
  "ioredis",
  "kafkajs",
  "runtime-node",
] as const;

/** A resource of the official SDK. */
interface OfficialResource {
  merge(other: OfficialResource): OfficialResource;
}

/** What is used of `@opentelemetry/sdk-node` and what comes with it; the SDK does not depend on it. */
export interface OfficialPackages {
  readonly NodeSDK: new (options: object) => { start(): void; shutdown(): Promise<void> };
  readonly defaultResource: () => OfficialResource;
  readonly resourceFromAttributes: (attributes: Record<string, unknown>) => OfficialResource;
  /** Those that are installed. */
  readonly instrumentations: readonly unknown[];
}

/**
 * Loads as this file would, and where a bundle has no file address as the program would. Not made
 * at the start, for few ask.
 */
const ownRequire: LoadPackage = (name) => requireFrom()(name);

function requireFrom(): NodeJS.Require {
  const program = process.argv[1] ?? `${process.cwd()}/`;
  return nodeModule().createRequire(import.meta.url ?? program);
}

/** Loads the official SDK; when it is not installed that is an `invalid_config` that says so. */
export function loadOfficial(load: LoadPackage = ownRequire): OfficialPackages {
  // Proof of the `as`: their documented exports.
  const { NodeSDK } = required(SDK, load) as Pick<OfficialPackages, "NodeSDK">;
  const resources = required(RESOURCES, companion(load)) as Omit<
    OfficialPackages,
    "NodeSDK" | "instrumentations"
  >;
  return { ...resources, NodeSDK, instrumentations: instrumentations(load) };
}

/** What comes with the SDK need not be found from here: a strict installer hides it. */
function companion(load: LoadPackage): LoadPackage {
  return load === ownRequire ? nodeModule().createRequire(requireFrom().resolve(SDK)) : load;
}

function required(name: string, load: LoadPackage): unknown {
  try {
    return load(name);
  } catch (cause) {
    const where = "install it beside the program, beside a bundle too";
    const reason = `official needs the package ${name}, which cannot be loaded: ${where}`;
    throw new AvxError("invalid_config", { option: "AVX_SDK", reason }, { cause });
  }
}

function instrumentations(load: LoadPackage): unknown[] {
  const all = optional(ALL_INSTRUMENTATIONS, load)["getNodeAutoInstrumentations"];
  if (typeof all === "function") return [all()];
  return INSTRUMENTATIONS.flatMap((name) => {
    const exported = Object.values(optional(`@opentelemetry/instrumentation-${name}`, load));
    const found = exported.find(isInstrumentation);
    return found === undefined ? [] : [new found()];
  });
}

function isInstrumentation(value: unknown): value is new () => unknown {
  return typeof value === "function" && value.name.endsWith("Instrumentation");
}

function optional(name: string, load: LoadPackage): Record<string, unknown> {
  try {
    // Proof of the `as`: a module is an object.
    return load(name) as Record<string, unknown>;
  } catch {
    return {};
  }
}
