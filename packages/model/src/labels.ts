/**
 * A series' identity: names and values alternating (`[name, value, name, value, ...]`), sorted by
 * name, no empty value (an empty value means "label absent", as in Prometheus), no duplicate name.
 * Flat, because hundreds of thousands of them are held in memory.
 */
export type Labels = readonly string[] & { readonly __labels: true };

/** The label that holds the metric name. */
export const METRIC_NAME = "__name__";

// Proof of the `as`: the only three makers of Labels are here, and each sorts and drops empty values.
const trusted = (pairs: string[]): Labels => pairs as unknown as Labels;

/** No labels at all. */
export const EMPTY_LABELS: Labels = trusted([]);

/** Labels from any pairs; the last of equal names wins; pairs with an empty value are dropped. */
export function labelsFromPairs(pairs: Iterable<readonly [string, string]>): Labels {
  const byName = new Map<string, string>();
  for (const [name, value] of pairs) byName.set(name, value);
  const names = [...byName.keys()].filter((name) => byName.get(name) !== "").sort();
  const flat: string[] = [];
  for (const name of names) flat.push(name, byName.get(name) ?? "");
  return trusted(flat);
}

/** Labels from a plain object. Own enumerable keys only, so `__proto__` as a key is plain data. */
export function labelsFromRecord(record: Readonly<Record<string, string>>): Labels {
  return labelsFromPairs(Object.entries(record));
}

/** Takes a flat array that is already sorted, distinct and without empty values. Not checked. */
export function labelsFromSorted(flat: string[]): Labels {
  return trusted(flat);
}

/** A null-prototype object, safe against `__proto__` as a label name. */
export function labelsToRecord(labels: Labels): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  for (let i = 0; i < labels.length; i += 2) record[labels[i]!] = labels[i + 1]!;
  return record;
}

/** The value of a label, or "" when it is absent (Prometheus treats both alike). */
export function labelValue(labels: Labels, name: string): string {
  for (let i = 0; i < labels.length; i += 2) if (labels[i] === name) return labels[i + 1]!;
  return "";
}

/** Sets a label; an empty value removes it. */
export function withLabel(labels: Labels, name: string, value: string): Labels {
  const flat: string[] = [];
  let placed = value === "";
  for (let i = 0; i < labels.length; i += 2) {
    const current = labels[i]!;
    if (current === name) continue;
    if (!placed && current > name) {
      flat.push(name, value);
      placed = true;
    }
    flat.push(current, labels[i + 1]!);
  }
  if (!placed) flat.push(name, value);
  return trusted(flat);
}

/** Only the labels whose name is in `names`. */
export function keepLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  const flat: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    if (names.has(labels[i]!)) flat.push(labels[i]!, labels[i + 1]!);
  }
  return trusted(flat);
}

/** The labels without those whose name is in `names`. */
export function dropLabels(labels: Labels, names: ReadonlySet<string>): Labels {
  const flat: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    if (!names.has(labels[i]!)) flat.push(labels[i]!, labels[i + 1]!);
  }
  return trusted(flat);
}

/** A string equal for equal label sets and different for different ones (the length of each part is kept). */
export function labelsKey(labels: Labels): string {
  let key = "";
  for (const part of labels) key += `${part.length}:${part}`;
  return key;
}

/** Orders label sets as Prometheus does: pairwise by name, then value, then by length. */
export function compareLabels(a: Labels, b: Labels): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const left = a[i]!;
    const right = b[i]!;
    if (left !== right) return left < right ? -1 : 1;
  }
  return a.length - b.length;
}
