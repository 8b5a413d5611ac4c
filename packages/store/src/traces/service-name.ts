import type { Resource } from "@avx/model";

/** `service.name` of the resource, "" when it has none. */
export function serviceNameOf({ attributes }: Resource): string {
  const name = attributes.get("service.name");
  return typeof name === "string" ? name : "";
}
