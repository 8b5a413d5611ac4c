import type { Attributes, AttributeValue } from "@opentelemetry/api";
import {
  SERIES_ATTRIBUTE_BYTES,
  SERIES_BYTES,
  SERIES_TEXT_COPIES,
} from "../overhead/memory-estimates.ts";
import { type AttributePairs, attributeKey, sortedAttributes } from "./attribute-key.ts";
import type { MeasurementGuard } from "./measurement-guard.ts";
import type { MetricStream } from "./metric-stream.ts";

/** OpenTelemetry's default: attribute sets per instrument, the overflow series included. */
export const DEFAULT_CARDINALITY_LIMIT = 2000;

/** Orders in which callers may write the same attributes; more are found by their key, slower. */
const MAX_ORDERS_PER_SERIES = 4;

const OVERFLOW: AttributePairs = [["otel.metric.overflow", true]];

class TrieNode<S> {
  readonly children = new Map<string, Map<AttributeValue, TrieNode<S>>>();
  series: S | undefined = undefined;

  /** The node one attribute further, made when missing. */
  child(name: string, value: AttributeValue): TrieNode<S> {
    const byValue = this.children.get(name) ?? new Map<AttributeValue, TrieNode<S>>();
    this.children.set(name, byValue);
    const next = byValue.get(value) ?? new TrieNode<S>();
    byValue.set(value, next);
    return next;
  }
}

/**
 * Finds the series of an attribute set. A trie keyed by the caller's own order of names answers
 * without sorting or building a string (50-100 ns); the canonical key is made on first sight only.
 * Above the limit every new set is merged into one series marked `otel.metric.overflow`.
 */
export class SeriesIndex<S> {
  readonly #root = new TrieNode<S>();
  readonly #byKey = new Map<string, S>();
  readonly #create: (attributes: AttributePairs) => S;
  readonly #limit: number;
  readonly #keep: ReadonlySet<string> | undefined;
  readonly #guard: MeasurementGuard | undefined;
  #overflow: S | undefined = undefined;
  #paths = 0;
  #bytes = 0;

  /**
   * `keep` names the attributes that count; all when undefined. `guard` is told of new series and
   * may refuse them; without, the index is as free as its limit lets it.
   */
  constructor(
    create: (attributes: AttributePairs) => S,
    { limit, keep }: Pick<MetricStream, "limit" | "keep">,
    guard?: MeasurementGuard,
  ) {
    this.#create = create;
    this.#limit = limit;
    this.#keep = keep;
    this.#guard = guard;
  }

  /** The series of these attributes, made on first use. */
  get(attributes: Attributes): S {
    let node = this.#root;
    for (const name in attributes) {
      const value = attributes[name];
      const next = node.children.get(name)?.get(value);
      if (next === undefined) return this.#resolve(attributes);
      node = next;
    }
    return node.series ?? this.#resolve(attributes);
  }

  /** All series in the order of their making, the overflow series last. */
  *values(): Generator<S> {
    yield* this.#byKey.values();
    if (this.#overflow !== undefined) yield this.#overflow;
  }

  get size(): number {
    return this.#byKey.size + (this.#overflow === undefined ? 0 : 1);
  }

  /** An estimate of what the attribute sets and their look-up take. */
  get bytes(): number {
    return this.#bytes;
  }

  get hasOverflow(): boolean {
    return this.#overflow !== undefined;
  }

  /** Forgets every series: observables report afresh at each collection. */
  clear(): void {
    this.#root.children.clear();
    this.#root.series = undefined;
    this.#byKey.clear();
    this.#overflow = undefined;
    this.#paths = 0;
    this.#bytes = 0;
  }

  #resolve(attributes: Attributes): S {
    const keep = this.#keep;
    const all = sortedAttributes(attributes);
    const pairs = keep === undefined ? all : all.filter(([name]) => keep.has(name));
    const key = attributeKey(pairs);
    let series = this.#byKey.get(key);
    if (series === undefined) {
      // The limit counts the overflow series itself, as the specification does.
      const isFull = this.#byKey.size > 0 && this.#guard?.isFull === true;
      if (isFull || this.#byKey.size >= this.#limit - 1) {
        this.#overflow ??= this.#create(OVERFLOW);
        return this.#overflow;
      }
      series = this.#create(pairs);
      this.#byKey.set(key, series);
      this.#bytes +=
        SERIES_BYTES + pairs.length * SERIES_ATTRIBUTE_BYTES + key.length * SERIES_TEXT_COPIES;
      this.#guard?.noteSeries();
    }
    this.#remember(attributes, series);
    return series;
  }

  #remember(attributes: Attributes, series: S): void {
    if (this.#paths >= this.#limit * MAX_ORDERS_PER_SERIES) return;
    // Arrays and objects are found by identity in a Map: each call would add a new path.
    for (const name in attributes) if (typeof attributes[name] === "object") return;
    this.#paths++;
    let node = this.#root;
    for (const name in attributes) node = node.child(name, attributes[name]);
    node.series = series;
  }
}
