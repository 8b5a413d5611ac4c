import { randomBytes } from "node:crypto";
import { sha256 } from "./api-key.ts";

/** A working day; then the key is asked for again. */
export const SESSION_SECONDS = 12 * 3600;
/** People who are signed in at once; the session that began first ends first. */
const MAX_SESSIONS = 1000;
const TOKEN_BYTES = 32;
const COOKIE = "avx_session";

interface Session {
  readonly keyId: string;
  readonly endMs: number;
}

/** Who is signed in with a browser. In memory: a restart signs everybody out. */
export class Sessions {
  readonly #nowMs: () => number;
  /** By the hash of the token, so that looking one up tells nothing of it. */
  readonly #sessions = new Map<string, Session>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Begins a session of the key and returns its token. */
  begin(keyId: string): string {
    const token = randomBytes(TOKEN_BYTES).toString("base64url");
    this.#sessions.set(nameOf(token), { keyId, endMs: this.#nowMs() + SESSION_SECONDS * 1000 });
    const oldest = this.#sessions.keys().next();
    if (this.#sessions.size > MAX_SESSIONS && !oldest.done) this.#sessions.delete(oldest.value);
    return token;
  }

  /** The key of the session that a Cookie header names; undefined without one, or after its end. */
  keyIdOf(cookieHeader: string): string | undefined {
    const token = tokenIn(cookieHeader);
    const session = token === undefined ? undefined : this.#sessions.get(nameOf(token));
    return session && session.endMs > this.#nowMs() ? session.keyId : undefined;
  }

  end(cookieHeader: string): void {
    const token = tokenIn(cookieHeader);
    if (token !== undefined) this.#sessions.delete(nameOf(token));
  }
}

/** The Set-Cookie header of a session; an empty token takes the cookie away. */
export function sessionCookie(token: string, isSecure: boolean): string {
  const age = token === "" ? 0 : SESSION_SECONDS;
  const secure = isSecure ? "; Secure" : "";
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure}`;
}

function tokenIn(cookieHeader: string): string | undefined {
  return new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{1,100})(?:;|$)`).exec(cookieHeader)?.[1];
}

function nameOf(token: string): string {
  return sha256(token).toString("base64");
}
