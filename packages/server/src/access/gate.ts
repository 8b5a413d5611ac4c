import { AvxError } from "@avx/model";
import type { StoredKey } from "./api-key.ts";
import { secretOf } from "./authorization.ts";
import { FailedAttempts } from "./failed-attempts.ts";
import type { KeyRing } from "./key-ring.ts";
import { type Caller, mayEnter, type RouteAccess } from "./roles.ts";
import { Sessions } from "./sessions.ts";

/** What a request says about its sender; headers are "" when absent. */
export interface Credentials {
  readonly authorization: string;
  readonly cookie: string;
  /** Of the peer's socket. */
  readonly address: string;
}

/** Decides who may enter. One for all ports of the server. */
export class Gate {
  readonly #ring: KeyRing;
  readonly #attempts: FailedAttempts;
  readonly #sessions: Sessions;

  constructor(ring: KeyRing, nowMs: () => number) {
    this.#ring = ring;
    this.#attempts = new FailedAttempts(nowMs);
    this.#sessions = new Sessions(nowMs);
  }

  /** Whether nobody is asked for a key: there is none. */
  get isOpen(): boolean {
    return !this.#ring.hasKeys;
  }

  /**
   * The caller, who may enter; undefined where nobody is asked. Throws `unauthorized`, `forbidden` or
   * `too_many_attempts`.
   */
  admit(access: RouteAccess, credentials: Credentials): Caller | undefined {
    if (access === "open" || this.isOpen) return undefined;
    const caller = this.identify(credentials);
    demand(caller, access);
    return caller;
  }

  /** Who calls; undefined: nobody has said so. Throws `unauthorized` or `too_many_attempts`. */
  identify({ authorization, cookie, address }: Credentials): Caller | undefined {
    if (authorization === "") return this.signedIn(cookie);
    return this.#holder(secretOf(authorization), address);
  }

  /** Who is signed in with this browser. */
  signedIn(cookie: string): Caller | undefined {
    const id = this.#sessions.keyIdOf(cookie);
    const key = id === undefined ? undefined : this.#ring.withId(id);
    return key && callerOf(key);
  }

  /** Begins a session: the token of its cookie. Throws as `admit`; an ingest key has no page to see. */
  signIn(secret: string, address: string): { readonly token: string; readonly caller: Caller } {
    const caller = this.#holder(secret, address);
    if (caller.role === "ingest") {
      throw new AvxError("forbidden", { reason: "a key of the role ingest may not see the page" });
    }
    return { token: this.#sessions.begin(caller.keyId), caller };
  }

  signOut(cookie: string): void {
    this.#sessions.end(cookie);
  }

  /** Whose secret it is. */
  #holder(secret: string, address: string): Caller {
    const key = this.#ring.find(secret);
    const isGood = key !== undefined && key !== "expired";
    const retryAfterSeconds = this.#attempts.waitSeconds(address);
    if (retryAfterSeconds > 0 && !(isGood && this.#attempts.hasSucceeded(address, key.id))) {
      throw new AvxError("too_many_attempts", { address, retryAfterSeconds });
    }
    if (isGood) {
      this.#attempts.succeeded(address, key.id);
      return callerOf(key);
    }
    this.#attempts.failed(address);
    const reason = key === "expired" ? "the API key has expired" : "the API key is not known";
    throw new AvxError("unauthorized", { reason });
  }
}

/** Throws `unauthorized` or `forbidden` unless the caller may enter. */
export function demand(caller: Caller | undefined, access: RouteAccess): void {
  if (caller === undefined) {
    throw new AvxError("unauthorized", { reason: "an API key is needed" });
  }
  if (mayEnter(caller.role, access)) return;
  const reason = `a key of the role ${caller.role} may not do this, it needs ${access}`;
  throw new AvxError("forbidden", { reason });
}

function callerOf({ id, name, role }: StoredKey): Caller {
  return { keyId: id, name, role };
}
