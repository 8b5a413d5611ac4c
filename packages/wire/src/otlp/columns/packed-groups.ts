import type { PackedGroup, Resource, Scope } from "@avx/model";

/** Who sent the rows, while they are collected. */
export class PackedGroups {
  groups: { resource: Resource; scope: Scope; endRow: number }[] = [];

  /** Counts the row that makes them `rows`. */
  add(resource: Resource, scope: Scope, rows: number): void {
    const last = this.groups.at(-1);
    if (last?.resource === resource && last.scope === scope) last.endRow = rows;
    else this.groups.push({ resource, scope, endRow: rows });
  }

  /** The groups; the next rows are those of another request. */
  take(): readonly PackedGroup[] {
    const { groups } = this;
    this.groups = [];
    return groups;
  }
}
