import type { OtlpPoint } from "../otlp/metric.ts";

/** The running sum of one delta series: a cumulative point whose time is that of the last delta. */
interface DeltaState {
  readonly total: OtlpPoint;
}

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
 * Turns delta points into cumulative ones. It keeps one running total a series, for at most
 * `maxSeries` series: beyond, the longest untouched one is forgotten, which readers see as an
 * ordinary counter reset. A delta that is not newer than the last one is a duplicate or late.
 */
export class DeltaAccumulator {
  readonly #states = new Map<string, DeltaState>();
  readonly #maxSeries: number;

  constructor(maxSeries: number) {
    this.#maxSeries = maxSeries;
  }

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
    const after: DeltaState = { total: cumulative };
    this.#states.delete(key);
    this.#states.set(key, after);
    this.#evict();
    const change = changes.get(key);
    if (change === undefined) changes.set(key, { before, after });
    else change.after = after;
    return cumulative;
  }

  /** Takes a request's changes back, except where a later request built on them. */
  rollback(changes: DeltaChanges): void {
    for (const [key, { before, after }] of changes) {
      if (this.#states.get(key) !== after) continue;
      if (before === undefined) this.#states.delete(key);
      else this.#states.set(key, before);
    }
  }

  #evict(): void {
    if (this.#states.size <= this.#maxSeries) return;
    for (const oldest of this.#states.keys()) {
      this.#states.delete(oldest);
      return;
    }
  }
}
