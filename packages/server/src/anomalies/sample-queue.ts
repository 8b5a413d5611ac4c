import type { SampleColumns } from "./watch-messages.ts";

/** Samples of watched series that wait to be judged, as columns. */
export interface SampleQueue {
  /** False when the queue is full: the sample is dropped. */
  put(id: number, timestampMs: number, value: number): boolean;
  /** Takes out all that is in it. */
  take(): SampleColumns;
  readonly length: number;
}

/** Two bursts of 100,000 series: 4 MB. */
const MAX_QUEUED = 200_000;
const FIRST_CAPACITY = 1024;

/** An empty queue. */
export function createSampleQueue(): SampleQueue {
  let columns = emptyColumns(FIRST_CAPACITY);
  let length = 0;
  return {
    put(id, timestampMs, value) {
      if (length >= MAX_QUEUED) return false;
      if (length === columns.ids.length) columns = grown(columns);
      columns.ids[length] = id;
      columns.timestampsMs[length] = timestampMs;
      columns.values[length] = value;
      length++;
      return true;
    },
    take() {
      const { ids, timestampsMs, values } = columns;
      const taken = {
        ids: ids.slice(0, length),
        timestampsMs: timestampsMs.slice(0, length),
        values: values.slice(0, length),
      };
      length = 0;
      return taken;
    },
    get length() {
      return length;
    },
  };
}

function emptyColumns(capacity: number): Omit<SampleColumns, "requests"> {
  return {
    ids: new Uint32Array(capacity),
    timestampsMs: new Float64Array(capacity),
    values: new Float64Array(capacity),
  };
}

function grown(columns: Omit<SampleColumns, "requests">): Omit<SampleColumns, "requests"> {
  const larger = emptyColumns(2 * columns.ids.length);
  larger.ids.set(columns.ids);
  larger.timestampsMs.set(columns.timestampsMs);
  larger.values.set(columns.values);
  return larger;
}
