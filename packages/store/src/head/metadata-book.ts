import type { MetricMetadata } from "@avx/model";

/** Descriptions kept; beyond, new metric families stay undescribed (a sender cannot fill memory). */
const MAX_FAMILIES = 100_000;
/** Differing descriptions of one family: sources rarely disagree in more ways than this. */
const MAX_PER_FAMILY = 4;

/** Type, unit and help of metric families; the newest description of a family comes first. */
export class MetadataBook {
  private readonly byName = new Map<string, readonly MetricMetadata[]>();

  /** Returns the entries that are news. */
  add(entries: readonly MetricMetadata[]): MetricMetadata[] {
    const news: MetricMetadata[] = [];
    for (const entry of entries) {
      const known = this.byName.get(entry.name) ?? [];
      if (known.some((other) => isSame(other, entry))) continue;
      if (known.length === 0 && this.byName.size >= MAX_FAMILIES) continue;
      this.byName.set(entry.name, [entry, ...known].slice(0, MAX_PER_FAMILY));
      news.push(entry);
    }
    return news;
  }

  all(): ReadonlyMap<string, readonly MetricMetadata[]> {
    return this.byName;
  }
}

function isSame(a: MetricMetadata, b: MetricMetadata): boolean {
  return a.type === b.type && a.unit === b.unit && a.help === b.help;
}
