/** Which Session runs a statement: a Session runs one at a time, so kinds must not wait for others. */
export type SessionRole = "writer" | "reader" | "admin";

/** Values of `{name:Type}` placeholders: bound by the engine, never part of the SQL text. */
export type SqlParameters = Readonly<
  Record<string, string | number | readonly (string | number | bigint)[]>
>;

/** One SQL statement and who runs it. */
export interface Statement {
  readonly sql: string;
  readonly role: SessionRole;
  readonly parameters?: SqlParameters;
}

/** Parent -> child. */
export type EngineRequest =
  | { readonly kind: "run"; readonly id: number; readonly statement: Statement }
  /** Nobody waits for the answer any more. */
  | { readonly kind: "cancel"; readonly id: number }
  | { readonly kind: "stop" };

/** Child -> parent. `bytes` is the answer in Native format, empty for commands. */
export type EngineReply =
  | { readonly kind: "ready"; readonly version: string }
  | { readonly kind: "failed"; readonly message: string }
  | { readonly kind: "done"; readonly id: number; readonly bytes: Uint8Array }
  | {
      readonly kind: "error";
      readonly id: number;
      readonly message: string;
      /** The engine's error number, 0 when it gave none. */
      readonly code: number;
    };

/** What the child needs to know, as its only argument (JSON). */
export interface EngineStart {
  readonly databaseDir: string;
  readonly configFile: string;
}
