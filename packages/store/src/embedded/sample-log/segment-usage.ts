import { segmentOf, type WalPosition } from "../../wal/write-ahead-log.ts";

/** Stands for the metadata of a segment among its blocks. */
export const METADATA_BLOCK = Number.NEGATIVE_INFINITY;

/** Stands for its exemplars. */
export const EXEMPLAR_BLOCK = Number.POSITIVE_INFINITY;

/** Which blocks of which log segments are not yet in the engine: only free segments may go. */
export class SegmentUsage {
  private readonly bySegment = new Map<number, Map<number, WalPosition>>();

  /** Notes that the record at `position` holds samples of the block. */
  touch(blockStartMs: number, position: WalPosition): void {
    const segment = segmentOf(position);
    let blocks = this.bySegment.get(segment);
    if (!blocks) {
      blocks = new Map();
      this.bySegment.set(segment, blocks);
    }
    blocks.set(blockStartMs, position);
  }

  /** Notes that the engine has all of the block's samples from records up to `position`. */
  release(blockStartMs: number, position: WalPosition): void {
    for (const [segment, blocks] of this.bySegment) {
      const touched = blocks.get(blockStartMs);
      if (touched !== undefined && touched <= position) blocks.delete(blockStartMs);
      if (blocks.size === 0) this.bySegment.delete(segment);
    }
  }

  /** Whether any segment has something of the block that is not in the engine. */
  isTouched(blockStartMs: number): boolean {
    return [...this.bySegment.values()].some((blocks) => blocks.has(blockStartMs));
  }

  isFree(segment: number): boolean {
    return !this.bySegment.has(segment);
  }
}
