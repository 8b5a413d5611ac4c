import type { Attributes, Labels } from "@avx/model";
import { GenerationCache } from "../generation-cache.ts";
import { attributeText } from "./attribute-text.ts";

interface PointEntry {
  /** Histogram bounds or summary quantiles that the labels were made for. */
  readonly parts: Float64Array;
  readonly labels: readonly Labels[];
  readonly keyLength: number;
}

/** Objects and map slot of an entry, and of each of its label sets. */
const ENTRY_BYTES = 256;

/** What the label sets of a data point depend on. */
export interface PointIdentity {
  /** Resource, scope, kind and name: equal for equal ones, whatever the request. */
  readonly metricKey: string;
  readonly attributes: Attributes;
  /** Histogram bounds or summary quantiles; empty for other kinds. */
  readonly parts: Float64Array;
}

/**
 * Remembers the label sets that a data point becomes, so that a steady sender's are built once and
 * come as the same objects every time (the store can key by identity). Holds about `maxBytes`.
 */
export class PointLabelCache {
  readonly #entries: GenerationCache<string, PointEntry>;

  constructor(maxBytes: number) {
    this.#entries = new GenerationCache(
      maxBytes,
      ({ keyLength, labels }) => keyLength + labels.length * (ENTRY_BYTES + keyLength),
    );
  }

  /** The label sets of the point: the remembered ones, or what `build` makes. */
  labels(identity: PointIdentity, build: () => Labels[]): readonly Labels[] {
    const { metricKey, attributes, parts } = identity;
    let key = metricKey;
    for (const [name, value] of attributes) {
      const text = attributeText(value);
      key += `${name.length}:${name}${text.length}:${text}`;
    }
    const known = this.#entries.get(key);
    if (known !== undefined && isSame(known.parts, parts)) return known.labels;
    const labels = build();
    this.#entries.set(key, { parts: parts.slice(), labels, keyLength: key.length });
    return labels;
  }
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
