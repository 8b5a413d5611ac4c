import type { Resource, Scope } from "@avx/model";

/** What an encoder groups: metrics, spans and log records all carry their resource and scope. */
export interface Scoped {
  readonly resource: Resource;
  readonly scope: Scope;
}

interface ScopeGroup<Item> {
  readonly scope: Scope;
  readonly items: Item[];
}

/** Items of one resource, by scope. */
export interface ResourceGroup<Item> {
  readonly resource: Resource;
  readonly scopes: readonly ScopeGroup<Item>[];
}

/** Groups by identity of resource, then of scope, in order of first appearance. */
export function groupByResource<Item extends Scoped>(
  items: readonly Item[],
): readonly ResourceGroup<Item>[] {
  const resources = new Map<Resource, Map<Scope, Item[]>>();
  for (const item of items) {
    const scopes = resources.get(item.resource) ?? new Map<Scope, Item[]>();
    resources.set(item.resource, scopes);
    const group = scopes.get(item.scope);
    if (group === undefined) scopes.set(item.scope, [item]);
    else group.push(item);
  }
  return Array.from(resources, ([resource, scopes]) => ({
    resource,
    scopes: Array.from(scopes, ([scope, group]) => ({ scope, items: group })),
  }));
}
