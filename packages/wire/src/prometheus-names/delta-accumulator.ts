import { NO_ATTRIBUTES, type OtlpBuckets, type OtlpPoint } from "../otlp/metric.ts";

/** The running sum of one delta series: a cumulative point whose time is that of the last delta. */
interface DeltaState {
  /** Without attributes and exemplars, which every delta brings anew. */
  readonly total: OtlpPoint;
  readonly bytes: number;
}

/** Objects and map slot of a state, beside its key and its buckets. */
const STATE_BYTES = 512;

/** Adds a delta to a running total; undefined when they do not fit (other buckets): start anew. */
export type AddDelta<Point extends OtlpPoint> = (total: Point, delta: Point) => Point | undefined;

/** One delta on its way to a running total. */
export interface DeltaStep<Point extends OtlpPoint> {
  /** Identity of the series; the kind of the metric must be part of it. */
  readonly key: string;
  readonly delta: Point;
  readonly add: AddDelta<Point>;
}

/** What one request changed, so that it can be taken back when the request is not stored. */
export type DeltaChanges = Map<
  string,
  { readonly before: DeltaState | undefined; after: DeltaState }
>;

/**
 * Turns delta points into cumulative ones. It keeps one running total a series, in about
 * `maxBytes`: beyond, the longest untouched ones are forgotten, which readers see as an ordinary
 * counter reset. A delta that is not newer than the last one is a duplicate or late.
 */
export class DeltaAccumulator {
  readonly #states = new Map<string, DeltaState>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Series with a running total. */
  get size(): number {
    return this.#states.size;
  }

  /** The cumulative point after this delta, or undefined when the delta is late or a duplicate. */
  add<Point extends OtlpPoint>(step: DeltaStep<Point>, changes: DeltaChanges): Point | undefined {
    const { key, delta, add } = step;
    const before = this.#states.get(key);
    // Proof of the `as`: the key contains the kind, so the state was made by a point of this kind.
    const total = before?.total as Point | undefined;
    if (total !== undefined && delta.timeUnixNano <= total.timeUnixNano) return undefined;
    const sum = total === undefined ? undefined : add(total, delta);
    const cumulative =
      total === undefined || sum === undefined
        ? delta
        : { ...sum, startUnixNano: total.startUnixNano, timeUnixNano: delta.timeUnixNano };
    const after = stateOf(key, cumulative);
    this.#replace(key, after);
    this.#evict(key);
    const change = changes.get(key);
    if (change === undefined) changes.set(key, { before, after });
    else change.after = after;
    return cumulative;
  }

  /** Takes a request's changes back, except where a later request built on them. */
  rollback(changes: DeltaChanges): void {
    for (const [key, { before, after }] of changes) {
      if (this.#states.get(key) !== after) continue;
      this.#replace(key, before);
    }
  }

  /** Puts a state behind all others, the longest untouched one being the first. */
  #replace(key: string, state: DeltaState | undefined): void {
    this.#bytes -= this.#states.get(key)?.bytes ?? 0;
    this.#states.delete(key);
    if (state === undefined) return;
    this.#states.set(key, state);
    this.#bytes += state.bytes;
  }

  #evict(newest: string): void {
    for (const oldest of this.#states.keys()) {
      if (this.#bytes <= this.#maxBytes || oldest === newest) return;
      this.#replace(oldest, undefined);
    }
  }
}

function stateOf(key: string, point: OtlpPoint): DeltaState {
  const total = { ...point, attributes: NO_ATTRIBUTES, exemplars: [] };
  let numbers = 0;
  for (const value of Object.values(total)) {
    if (value instanceof Float64Array) numbers += value.length;
    else if (isBuckets(value)) numbers += value.counts.length;
  }
  return { total, bytes: STATE_BYTES + 2 * key.length + 8 * numbers };
}

function isBuckets(value: unknown): value is OtlpBuckets {
  return typeof value === "object" && value !== null && "counts" in value;
}
