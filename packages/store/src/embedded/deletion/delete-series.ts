import type { Matcher, TimeRange } from "@avx/model";
import type { Head } from "../../head/head.ts";
import { BLOCK_MS } from "../../head/sample-block.ts";
import type { BlockCutter } from "../chunks/block-cutter.ts";
import type { ChunkStore } from "../chunks/chunk-store.ts";
import type { RollupReader } from "../rollups/rollup-reader.ts";
import { shrinkBounds } from "./shrink-bounds.ts";

/** What is to be deleted. */
export interface Deletion {
  readonly selectors: readonly (readonly Matcher[])[];
  readonly range: TimeRange;
}

/** Where samples are. */
export interface DeletionParts {
  readonly head: Head;
  readonly chunks: ChunkStore;
  readonly cutter: BlockCutter;
  readonly rollups: RollupReader | undefined;
  readonly moveToEngine: (blocks: readonly number[]) => Promise<void>;
}

/**
 * Deletes the samples that were taken before this call; later ones stay, whatever their time. Moves
 * the blocks of the range into the engine first, so that the log brings none back.
 */
export async function deleteSeries(
  { selectors, range }: Deletion,
  { head, chunks, cutter, rollups, moveToEngine }: DeletionParts,
): Promise<void> {
  const isWithin = (startMs: number): boolean =>
    startMs <= range.endMs && startMs + BLOCK_MS > range.startMs;
  await moveToEngine(head.openBlockStarts().filter(isWithin));
  const found = new Set(selectors.flatMap((matchers) => head.matching(matchers, range)));
  const ids = new Set([...found].map(({ id }) => id));
  for (const matchers of selectors) {
    for (const id of (await rollups?.ids(matchers, range)) ?? []) ids.add(id);
  }
  await cutter.alone(() => chunks.deleteSamples([...ids], range));
  for (const series of found) shrinkBounds(series, range);
  // Lets the head forget series that have nothing left, and marks all answers as outdated.
  head.dropBefore(Number.MIN_SAFE_INTEGER);
}
