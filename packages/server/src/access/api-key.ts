import { createHash, randomBytes } from "node:crypto";
import { ROLES, type Role } from "./roles.ts";

/** Tells people and secret scanners what the text is. */
const PREFIX = "avx_";
/** 256 bits cannot be guessed, so one round of SHA-256 is enough to store them. */
const SECRET_BYTES = 32;
const ID_BYTES = 4;
/** Longer texts are no keys of ours and are not hashed. */
export const MAX_SECRET_CHARACTERS = 256;

/** What is stored of a key: never the key itself. */
export interface StoredKey {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly createdMs: number;
  /** Null: never. */
  readonly expiresMs: number | null;
}

/** What a new key is to be. */
export type NewKey = Pick<StoredKey, "name" | "role" | "createdMs" | "expiresMs">;

/** Makes a key. The secret is given out once, here. */
export function createKey(wanted: NewKey): { readonly secret: string; readonly key: StoredKey } {
  const secret = PREFIX + randomBytes(SECRET_BYTES).toString("base64url");
  const id = randomBytes(ID_BYTES).toString("hex");
  return { secret, key: { id, ...wanted, sha256: sha256(secret).toString("hex") } };
}

/** SHA-256 of a secret's UTF-8. */
export function sha256(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

/** A stored key read from JSON; undefined when it is none. */
export function storedKey(json: unknown): StoredKey | undefined {
  if (typeof json !== "object" || json === null) return undefined;
  // Proof of the `as`: each field is looked at below.
  const { id, name, role, sha256: hash, createdMs, expiresMs } = json as Record<string, unknown>;
  const known = ROLES.find((candidate) => candidate === role);
  if (typeof id !== "string" || typeof name !== "string" || known === undefined) return undefined;
  if (typeof hash !== "string" || !/^[0-9a-f]{64}$/.test(hash)) return undefined;
  if (typeof createdMs !== "number") return undefined;
  if (expiresMs !== null && typeof expiresMs !== "number") return undefined;
  return { id, name, role: known, sha256: hash, createdMs, expiresMs };
}
