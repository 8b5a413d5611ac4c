/**
 * Heap of one worker for labels, histograms and text; columns are outside of the heap and bounded by
 * the limits of a query.
 */
export const WORKER_HEAP_MB = 256;

/** So many pieces of 64 Ki characters lie ready, whether the client takes them or not. */
export const PIECES_AHEAD = 128;

/** Evaluation looks up every 10 ms, so a worker that has not stopped after this never will. */
export const STOP_GRACE_MS = 2000;

/** Beside ingest and health, which run on the main thread, evaluation comes second (Linux). */
export const WORKER_NICENESS = 5;
