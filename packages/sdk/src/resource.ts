import type { AvxContext, Resource } from "@avx/model";
import { avxResourceAttributes } from "./avx-context.ts";
import type { Environment } from "./environment.ts";
import { keyValueList } from "./environment-values.ts";

/** Version that the resource and the scopes carry. */
export const SDK_VERSION = "0.1.0";

/** Where the names of a process come from. */
export interface ResourceOptions {
  readonly environment: Environment;
  readonly context: AvxContext;
  readonly serviceName: string | undefined;
  /** Told apart from other processes of the same service, for example "host:port" or a UUID. */
  readonly instanceId: string;
}

/**
 * What this process is called in all telemetry. The environment wins over the code's options, so
 * that a deployment can rename a service: OTEL_SERVICE_NAME, then OTEL_RESOURCE_ATTRIBUTES, then
 * options, then `unknown_service:node`.
 */
export function processResource(options: ResourceOptions): Resource {
  const { environment, context } = options;
  const attributes = new Map<string, string>([
    ["service.name", options.serviceName ?? "unknown_service:node"],
    ["service.instance.id", options.instanceId],
    ["telemetry.sdk.name", "avx"],
    ["telemetry.sdk.language", "nodejs"],
    ["telemetry.sdk.version", SDK_VERSION],
    ...avxResourceAttributes(context),
    ...keyValueList(environment, "OTEL_RESOURCE_ATTRIBUTES"),
  ]);
  const named = environment["OTEL_SERVICE_NAME"];
  if (named !== undefined && named !== "") attributes.set("service.name", named);
  return { attributes };
}
