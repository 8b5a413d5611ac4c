import type { TimeBounds } from "./day-window.ts";

/**
 * Larger bodies are not read as columns: below, no body can have more messages than the reader of
 * objects lets pass, however it is counted.
 */
export const MAX_COLUMN_BODY_BYTES = 2_000_000;

/** What differs from request to request. */
export interface ColumnDecodeOptions extends TimeBounds {
  readonly maxItems: number;
}
