import type { WatchAnswer, WatchEvent, WatchedSeries } from "./series-watch.ts";

/** A series that is watched from now on, under a number that later messages name it by. */
export interface AddedWatch {
  readonly id: number;
  readonly series: WatchedSeries;
  /** The score from which a finding opens an event. */
  readonly threshold: number;
}

/** Samples as columns of equal length, in the order in which they came. */
export interface SampleColumns {
  readonly ids: Uint32Array<ArrayBuffer>;
  readonly timestampsMs: Float64Array<ArrayBuffer>;
  readonly values: Float64Array<ArrayBuffer>;
  /** Requests behind each value; NaN where not known. Absent: known of none. */
  readonly requests?: Float64Array<ArrayBuffer>;
}

/** What was judged, in the order of the samples, and the events that it opened, moved or closed. */
export interface JudgedColumns {
  readonly scores: Float64Array<ArrayBuffer>;
  readonly lower: Float64Array<ArrayBuffer>;
  readonly upper: Float64Array<ArrayBuffer>;
  readonly changes: readonly WatchChange[];
}

/** An event that opened, moved or closed. */
export interface WatchChange {
  readonly change: Exclude<WatchAnswer["change"], "none">;
  readonly event: WatchEvent;
}

/** A watch that was read from a file, with what the rest of the server must know of it. */
export interface RestoredWatch {
  readonly id: number;
  readonly series: WatchedSeries;
  readonly lastMs: number;
  readonly openId: string | undefined;
}

/** What was read from a file, and how many of its lines were damaged and are passed over. */
export interface RestoredRoom {
  readonly watches: readonly RestoredWatch[];
  readonly damaged: number;
}

/** Watches, wherever they live; calls are answered in their order. */
export interface WatchRoom {
  /** Adds series, then judges samples of any that are known. */
  judge(added: readonly AddedWatch[], samples: SampleColumns): Promise<JudgedColumns>;
  /** Adds series, then learns samples of the past: opens and closes nothing. */
  learn(added: readonly AddedWatch[], samples: SampleColumns): Promise<void>;
  /** Opens events of series whose samples stopped coming. */
  silence(ids: readonly number[], nowMs: number): Promise<readonly WatchChange[]>;
  /** From now on findings of this series need this score. */
  setThreshold(id: number, threshold: number): void;
  /** Writes what all watches have learned; whole or not at all. */
  save(path: string, savedMs: number): Promise<void>;
  /** Reads what `save` wrote, into an empty room; at most `most` watches. */
  restore(path: string, most: number): Promise<RestoredRoom>;
  close(): Promise<void>;
}

/** A call of the room as it goes to its thread; each has one answer with its number. */
export type RoomCall =
  | {
      readonly call: "judge";
      readonly added: readonly AddedWatch[];
      readonly samples: SampleColumns;
    }
  | {
      readonly call: "learn";
      readonly added: readonly AddedWatch[];
      readonly samples: SampleColumns;
    }
  | { readonly call: "silence"; readonly ids: readonly number[]; readonly nowMs: number }
  | { readonly call: "threshold"; readonly id: number; readonly threshold: number }
  | { readonly call: "save"; readonly path: string; readonly savedMs: number }
  | { readonly call: "restore"; readonly path: string; readonly most: number };

/** The answer of the thread to a call. */
export type RoomReply =
  | { readonly number: number; readonly value: unknown }
  | { readonly number: number; readonly error: string };

/** The buffers of columns, to be handed over instead of copied. */
export function buffersOf(columns: SampleColumns | JudgedColumns): ArrayBuffer[] {
  return Object.values(columns).flatMap((column) =>
    ArrayBuffer.isView(column) && column.buffer instanceof ArrayBuffer ? [column.buffer] : [],
  );
}
