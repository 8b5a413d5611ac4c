import type { AttributeValue, AvxContext, Resource } from "@avx/model";
import { avxResourceAttributes } from "./avx-context.ts";
import type { Environment } from "./environment.ts";
import { keyValueList } from "./environment-values.ts";
import type { DetectedResource } from "./resource-detectors.ts";

/** Version that the resource and the scopes carry. */
export const SDK_VERSION = "0.1.0";

/** Where the names of a process come from. */
export interface ResourceOptions {
  readonly environment: Environment;
  readonly context: AvxContext;
  readonly serviceName: string | undefined;
  /** Told apart from other processes of the same service, for example "host:port" or a UUID. */
  readonly instanceId: string;
  /** What detectors have found; without, `OTEL_RESOURCE_ATTRIBUTES` counts and nothing else. */
  readonly detected?: DetectedResource;
}

/**
 * What this process is called in all telemetry. The environment wins over the code's options, so
 * that a deployment can rename a service: OTEL_SERVICE_NAME, then OTEL_RESOURCE_ATTRIBUTES, then
 * options, then `unknown_service:node`.
 */
export function processResource(options: ResourceOptions): Resource {
  const { environment, context, detected } = options;
  const named = detected?.readsEnvironment === false ? [] : resourceVariable(environment);
  const attributes = new Map<string, AttributeValue>([
    ...(detected?.attributes ?? []),
    ["service.name", options.serviceName ?? "unknown_service:node"],
    ["service.instance.id", options.instanceId],
    ["telemetry.sdk.name", "avx"],
    ["telemetry.sdk.language", "nodejs"],
    ["telemetry.sdk.version", SDK_VERSION],
    ...avxResourceAttributes(context),
    ...named,
  ]);
  const name = environment["OTEL_SERVICE_NAME"];
  if (name !== undefined && name !== "") attributes.set("service.name", name);
  return { attributes };
}

function resourceVariable(environment: Environment): [string, string][] {
  return keyValueList(environment, "OTEL_RESOURCE_ATTRIBUTES");
}
