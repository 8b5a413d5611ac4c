import type { SampleColumns, TimeRange } from "@avx/model";
import { withStoredHints } from "@avx/promql";
import { columnsOutside } from "../../head/columns-outside.ts";
import { mergeColumns } from "../../head/merge-columns.ts";
import { decodeChunk, type StoredChunk } from "../chunks/read-chunks.ts";

/** Samples that are deleted, though rows still hold them. */
export interface Tombstone extends TimeRange {
  /** Of rows of this cut and of earlier ones: what was written later is not meant. */
  readonly untilCut: number;
}

/** The tombstones by series; most series have none. */
export class Tombstones {
  readonly #bySeries = new Map<number, Tombstone[]>();
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** The latest cut that any of them names, 0 without any: later cuts must have higher numbers. */
  get lastCut(): number {
    let last = 0;
    for (const list of this.#bySeries.values()) {
      for (const { untilCut } of list) last = Math.max(last, untilCut);
    }
    return last;
  }

  add(seriesId: number, tombstone: Tombstone): void {
    const known = this.#bySeries.get(seriesId);
    if (known) known.push(tombstone);
    else this.#bySeries.set(seriesId, [tombstone]);
    this.#count++;
  }

  of(seriesId: number): readonly Tombstone[] | undefined {
    return this.#bySeries.get(seriesId);
  }

  /** Whether one of them alone hides all that the series has within `range` up to a cut. */
  hides(seriesId: number, range: TimeRange, lastCut: number): boolean {
    const list = this.of(seriesId) ?? [];
    return list.some(
      ({ startMs, endMs, untilCut }) =>
        startMs <= range.startMs && endMs >= range.endMs && untilCut >= lastCut,
    );
  }

  /** The series by what was deleted of them: one group is what one request deleted. */
  groups(): (Tombstone & { readonly ids: readonly number[] })[] {
    const groups = new Map<string, Tombstone & { readonly ids: number[] }>();
    for (const [id, list] of this.#bySeries) {
      for (const tombstone of list) {
        const key = `${tombstone.startMs} ${tombstone.endMs} ${tombstone.untilCut}`;
        const group = groups.get(key);
        if (group) group.ids.push(id);
        else groups.set(key, { ...tombstone, ids: [id] });
      }
    }
    return [...groups.values()];
  }

  clear(): void {
    this.#bySeries.clear();
    this.#count = 0;
  }
}

/** The chunks of one series as one run, without what is deleted; `undefined` when nothing is left. */
export function assembleWithout(
  chunks: StoredChunk[],
  tombstones: readonly Tombstone[],
): SampleColumns | undefined {
  chunks.sort((a, b) => a.blockMs - b.blockMs || a.cut - b.cut);
  const parts: SampleColumns[] = [];
  for (const chunk of chunks) {
    let part: SampleColumns | undefined = decodeChunk(chunk);
    for (const tombstone of tombstones) {
      if (part && tombstone.untilCut >= chunk.cut) part = columnsOutside(part, tombstone);
    }
    if (part) parts.push(part);
  }
  if (parts.length === 0) return undefined;
  const left = mergeColumns(parts);
  // What a histogram went on from may be among the deleted.
  return left.histograms ? { ...left, histograms: withStoredHints(left.histograms) } : left;
}
