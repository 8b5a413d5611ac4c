import { AvxError } from "@avx/model";
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { parseDurationMs } from "../duration.ts";

/** A configuration longer than this is a mistake: Prometheus' largest known ones have about 1 MB. */
const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
/** Alias chains are followed no further. */
const MAX_ALIAS_STEPS = 8;

/** A parsed file with what is needed to say where something stands in it. */
interface YamlFile {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
  /** "FILE line 12: ...", in order of appearance. */
  readonly warnings: string[];
}

/**
 * A mapping of a YAML file whose keys are asked for one by one. A wrong value throws
 * `invalid_config` with the line; keys that nobody asked for are warned of by `finish`.
 */
export class YamlSection {
  readonly #file: YamlFile;
  readonly #path: string;
  readonly #values = new Map<string, { readonly key: unknown; readonly value: unknown }>();
  readonly #asked = new Set<string>();
  readonly #node: unknown;

  constructor(file: YamlFile, node: unknown, path: string) {
    this.#file = file;
    this.#path = path;
    this.#node = node;
    if (node === null || node === undefined || (isScalar(node) && node.value === null)) return;
    if (!isMap(node)) throw fault(file, node, `${path || "the file"} must be a mapping`);
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : "";
      this.#values.set(name, { key, value: resolve(file, value) });
    }
  }

  get warnings(): string[] {
    return this.#file.warnings;
  }

  keys(): string[] {
    return [...this.#values.keys()];
  }

  has(key: string): boolean {
    return this.#take(key) !== undefined;
  }

  /** A scalar as text; numbers and booleans as they are written. */
  text(key: string): string | undefined {
    const node = this.#take(key);
    return node === undefined ? undefined : this.#scalarText(node, key);
  }

  boolean(key: string): boolean | undefined {
    const node = this.#take(key);
    if (node === undefined) return undefined;
    if (isScalar(node) && typeof node.value === "boolean") return node.value;
    throw this.invalid(key, "must be true or false");
  }

  /** A whole number of at least 0. */
  count(key: string): number | undefined {
    const node = this.#take(key);
    if (node === undefined) return undefined;
    const value = isScalar(node) ? node.value : undefined;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    throw this.invalid(key, "must be a whole number of at least 0");
  }

  durationMs(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const ms = parseDurationMs(text);
    if (ms !== undefined && ms > 0) return ms;
    throw this.invalid(key, `"${text}" is not a duration above 0, such as 15s`);
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const text = this.text(key);
    const found = allowed.find((candidate) => candidate === text);
    if (text === undefined || found !== undefined) return found;
    throw this.invalid(key, `"${text}" is not one of ${allowed.join(", ")}`);
  }

  texts(key: string): string[] {
    return this.#list(key).map((node) => this.#scalarText(node, key));
  }

  /** A mapping below this one; empty when absent. */
  section(key: string): YamlSection {
    return new YamlSection(this.#file, this.#take(key), this.#pathOf(key));
  }

  sections(key: string): YamlSection[] {
    return this.#list(key).map(
      (node, i) => new YamlSection(this.#file, node, `${this.#pathOf(key)}[${i}]`),
    );
  }

  /** All keys with scalar values, such as labels. */
  record(): Record<string, string> {
    const entries = this.keys().map((key) => [key, this.text(key) ?? ""] as const);
    return Object.fromEntries(entries);
  }

  /** The mapping as it would be written anew, with aliases followed by name only. */
  source(): string {
    return JSON.stringify(this.#node);
  }

  /** The error for a value that is wrong. */
  invalid(key: string, reason: string): AvxError {
    const node = this.#values.get(key)?.key ?? this.#node;
    return fault(this.#file, node, `${this.#pathOf(key)} ${reason}`);
  }

  /** Warns of a value that is right for Prometheus and not used here. */
  warn(key: string, reason: string): void {
    const node = this.#values.get(key)?.key ?? this.#node;
    const where = `${this.#file.name} line ${lineOf(this.#file, node)}`;
    this.#file.warnings.push(`${where}: ${this.#pathOf(key)} ${reason}`);
  }

  /** Warns of keys that were not asked for. */
  finish(): void {
    for (const [name, { key }] of this.#values) {
      if (this.#asked.has(name)) continue;
      const where = `${this.#file.name} line ${lineOf(this.#file, key)}`;
      this.#file.warnings.push(`${where}: ${this.#pathOf(name)} is not supported and ignored`);
    }
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    const node = this.#values.get(key)?.value;
    const isNull = node === null || (isScalar(node) && node.value === null);
    return isNull ? undefined : node;
  }

  #list(key: string): unknown[] {
    const node = this.#take(key);
    if (node === undefined) return [];
    if (!isSeq(node)) throw this.invalid(key, "must be a list");
    return node.items.map((item) => resolve(this.#file, item));
  }

  #scalarText(node: unknown, key: string): string {
    if (!isScalar(node)) throw this.invalid(key, "must be a single value");
    return typeof node.value === "string" ? node.value : (node.source ?? String(node.value));
  }

  #pathOf(key: string): string {
    return this.#path === "" ? key : `${this.#path}.${key}`;
  }
}

/** The mapping at the top of a YAML text; `name` is how the file is called in messages. */
export function parseYaml(text: string, name: string): YamlSection {
  const file = parseFile(text, name);
  return new YamlSection(file, file.document.contents, "");
}

/** The mappings of a YAML (or JSON) text that is a list. */
export function parseYamlList(text: string, name: string): YamlSection[] {
  const file = parseFile(text, name);
  const { contents } = file.document;
  if (contents === null) return [];
  if (!isSeq(contents)) throw fault(file, contents, "the file must be a list");
  return contents.items.map((item, i) => new YamlSection(file, resolve(file, item), `[${i}]`));
}

function parseFile(text: string, name: string): YamlFile {
  if (text.length > MAX_CONFIG_BYTES) {
    throw new AvxError("invalid_config", { option: name, reason: "is longer than 8 MiB" });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    const reason = error.message;
    throw new AvxError("invalid_config", { option: `${name} line ${line}`, reason });
  }
  return { name, document, lines, warnings: [] };
}

function resolve(file: YamlFile, node: unknown): unknown {
  let found = node;
  for (let i = 0; i < MAX_ALIAS_STEPS && isAlias(found); i++) found = found.resolve(file.document);
  return found;
}

function lineOf({ lines }: YamlFile, node: unknown): number {
  const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range ? lines.linePos(range[0]).line : 1;
}

function fault(file: YamlFile, node: unknown, reason: string): AvxError {
  return new AvxError("invalid_config", {
    option: `${file.name} line ${lineOf(file, node)}`,
    reason,
  });
}
