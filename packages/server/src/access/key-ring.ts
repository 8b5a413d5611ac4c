import { timingSafeEqual } from "node:crypto";
import { MAX_SECRET_CHARACTERS, type StoredKey, sha256 } from "./api-key.ts";
import type { KeyFolder } from "./key-folder.ts";

/** A key that is revoked or made while the server runs counts after at most this time. */
const LOOK_EVERY_MS = 1000;
/** "Last used" is told to the minute. */
const NOTE_EVERY_MS = 60_000;

interface Entry {
  readonly key: StoredKey;
  readonly hash: Buffer;
}

/** The keys that open the server, looked up by secret. */
export class KeyRing {
  readonly #folder: KeyFolder;
  readonly #nowMs: () => number;
  readonly #notedMs = new Map<string, number>();
  #entries: readonly Entry[] = [];
  #lookedMs = -Infinity;
  #version = -1;
  #hadKeys = false;

  /** Throws `data_dir_unusable`. */
  constructor(folder: KeyFolder, nowMs: () => number) {
    this.#folder = folder;
    this.#nowMs = nowMs;
    this.#look();
  }

  /** Whether there is or was a key since the start: revoking the last one opens nothing. */
  get hasKeys(): boolean {
    this.#look();
    return this.#hadKeys;
  }

  /** The key of this secret, "expired", or undefined. Every key is compared, in constant time. */
  find(secret: string): StoredKey | "expired" | undefined {
    if (secret.length > MAX_SECRET_CHARACTERS) return undefined;
    this.#look();
    const hash = sha256(secret);
    let found: StoredKey | undefined;
    for (const entry of this.#entries) {
      if (timingSafeEqual(entry.hash, hash)) found = entry.key;
    }
    if (found === undefined) return undefined;
    return this.#isExpired(found) ? "expired" : this.#used(found);
  }

  /** The key of this id, unless it is revoked or expired. */
  withId(id: string): StoredKey | undefined {
    this.#look();
    const key = this.#entries.find((entry) => entry.key.id === id)?.key;
    return key && !this.#isExpired(key) ? this.#used(key) : undefined;
  }

  #isExpired({ expiresMs }: StoredKey): boolean {
    return expiresMs !== null && expiresMs <= this.#nowMs();
  }

  #used(key: StoredKey): StoredKey {
    const nowMs = this.#nowMs();
    if (nowMs - (this.#notedMs.get(key.id) ?? -Infinity) >= NOTE_EVERY_MS) {
      this.#notedMs.set(key.id, nowMs);
      this.#folder.noteUse(key.id, nowMs);
    }
    return key;
  }

  #look(): void {
    const nowMs = this.#nowMs();
    // A clock that was set back must not stop the looking.
    if (Math.abs(nowMs - this.#lookedMs) < LOOK_EVERY_MS) return;
    this.#lookedMs = nowMs;
    const version = this.#folder.version;
    if (version === this.#version) return;
    this.#entries = this.#folder
      .list()
      .map((key) => ({ key, hash: Buffer.from(key.sha256, "hex") }));
    this.#version = version;
    if (this.#entries.length > 0) this.#hadKeys = true;
  }
}
