import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { AvxError } from "@avx/model";
import { type StoredKey, storedKey } from "./api-key.ts";

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;
const KEY_ENDING = ".json";
/** Its time of change is when the key was last used. */
const USED_ENDING = ".used";

/**
 * The keys of a data directory, one file each: the command that makes or revokes one and the server
 * that reads them never write the same file. Small files, read seldom: done synchronously.
 */
export class KeyFolder {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, "keys");
  }

  /** Changes whenever a key comes or goes; 0 without a folder. */
  get version(): number {
    return statSync(this.#path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  }

  /** All keys, oldest first. Throws `data_dir_unusable` on a file that is no key. */
  list(): StoredKey[] {
    if (this.version === 0) return [];
    const names = readdirSync(this.#path).filter((name) => name.endsWith(KEY_ENDING));
    const keys = names.flatMap((name) => this.#read(join(this.#path, name)) ?? []);
    return keys.sort((a, b) => a.createdMs - b.createdMs);
  }

  /** Throws `data_dir_unusable` when it cannot be written. */
  add(key: StoredKey): void {
    try {
      mkdirSync(this.#path, { recursive: true, mode: OWNER_ONLY_FOLDER });
      const text = `${JSON.stringify(key, undefined, 2)}\n`;
      const path = this.#fileOf(key.id, KEY_ENDING);
      writeFileSync(path, text, { flag: "wx", mode: OWNER_ONLY_FILE, flush: true });
    } catch (cause) {
      throw this.#unusable(cause);
    }
  }

  /** Whether there was such a key. */
  remove(id: string): boolean {
    if (!this.list().some((key) => key.id === id)) return false;
    rmSync(this.#fileOf(id, KEY_ENDING), { force: true });
    rmSync(this.#fileOf(id, USED_ENDING), { force: true });
    return true;
  }

  /** Notes a use; a folder that cannot be written any more only loses the note. */
  noteUse(id: string, timeMs: number): void {
    const path = this.#fileOf(id, USED_ENDING);
    try {
      writeFileSync(path, "", { flag: "a", mode: OWNER_ONLY_FILE });
      utimesSync(path, timeMs / 1000, timeMs / 1000);
    } catch {}
  }

  /** When the key was last used; undefined: never. To the minute. */
  lastUsedMs(id: string): number | undefined {
    return statSync(this.#fileOf(id, USED_ENDING), { throwIfNoEntry: false })?.mtimeMs;
  }

  #fileOf(id: string, ending: string): string {
    return join(this.#path, id + ending);
  }

  /** Undefined: revoked since the folder was read. */
  #read(path: string): StoredKey | undefined {
    let key: StoredKey | undefined;
    try {
      key = storedKey(JSON.parse(readFileSync(path, "utf8")));
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
      throw this.#unusable(cause);
    }
    if (key === undefined) throw this.#unusable(`${path} is no key; remove it`);
    return key;
  }

  #unusable(cause: unknown): AvxError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return new AvxError("data_dir_unusable", { path: this.#path, reason }, { cause });
  }
}
