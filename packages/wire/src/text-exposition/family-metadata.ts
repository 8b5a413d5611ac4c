import type { MetricMetadata, MetricType } from "@avx/model";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Collects TYPE, HELP and UNIT lines by family. */
export class FamilyMetadata {
  readonly #families = new Map<string, Mutable<MetricMetadata>>();

  /** Of the last TYPE line; undefined before the first. */
  lastType: MetricType | undefined;

  setType(name: string, type: MetricType): void {
    this.#family(name).type = type;
    this.lastType = type;
  }

  setHelp(name: string, help: string): void {
    this.#family(name).help = help;
  }

  setUnit(name: string, unit: string): void {
    this.#family(name).unit = unit;
  }

  get(name: string): MetricMetadata | undefined {
    return this.#families.get(name);
  }

  list(): MetricMetadata[] {
    return [...this.#families.values()];
  }

  #family(name: string): Mutable<MetricMetadata> {
    const known = this.#families.get(name);
    if (known !== undefined) return known;
    const family: Mutable<MetricMetadata> = { name, type: "unknown", unit: "", help: "" };
    this.#families.set(name, family);
    return family;
  }
}
