import { parseArgs } from "node:util";
import { AvxError } from "@avx/model";
import { createKey, type StoredKey } from "../access/api-key.ts";
import { KeyFolder } from "../access/key-folder.ts";
import { ROLES, type Role } from "../access/roles.ts";
import { parseDurationMs } from "../duration.ts";
import { commandLineReason } from "./command-line-reason.ts";

/** What `avx keys --help` prints. */
export const KEYS_HELP = `usage: avx keys create --role ingest|read|admin [--name NAME] [--expires DURATION]
       avx keys list
       avx keys revoke ID

API keys of a data directory. As soon as there is one, the server asks everybody for a key: at once,
and without a restart. What is revoked ends within a second, its sessions in browsers too.

  --role ROLE            ingest: send telemetry; read: query and see the page; admin: everything
  --name NAME            whose it is, for the list and the audit lines (the role)
  --expires DURATION     e.g. 90d (never)
  --data-dir DIR         of the server (./data)                              AVX_DATA_DIR
  --help

create prints the key on the first line, once: only its SHA-256 is stored.
`;

const OPTIONS = {
  role: { type: "string" },
  name: { type: "string" },
  expires: { type: "string" },
  "data-dir": { type: "string" },
} as const;

/** One screen line. */
const MAX_NAME_CHARACTERS = 64;

/** What the command needs of the world around it. */
export interface KeysCommandOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
}

/** Runs `avx keys` and returns what to print. Throws `invalid_config` and `data_dir_unusable`. */
export function runKeys(argv: readonly string[], { env, nowMs }: KeysCommandOptions): string {
  const { values, positionals } = parse(argv);
  const [action, id, ...more] = positionals;
  const folder = new KeyFolder(values["data-dir"] ?? env["AVX_DATA_DIR"] ?? "data");
  if (action === "create" && id === undefined) return create(folder, values, nowMs());
  if (action === "list" && id === undefined) return list(folder, nowMs());
  if (action === "revoke" && id !== undefined && more.length === 0) return revoke(folder, id);
  throw invalid("command line", "expected create, list or revoke ID; see avx keys --help");
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw invalid("command line", commandLineReason(cause), cause);
  }
}

type Values = ReturnType<typeof parse>["values"];

function create(folder: KeyFolder, values: Values, createdMs: number): string {
  const role = roleOf(values.role);
  const name = values.name ?? role;
  const isName = /^[\p{L}\p{N}\p{P}\p{S} ]+$/u.test(name) && name.length <= MAX_NAME_CHARACTERS;
  if (!isName) throw invalid("--name", `is not a text of 1 to ${MAX_NAME_CHARACTERS} characters`);
  const expiresMs = values.expires === undefined ? null : createdMs + durationOf(values.expires);
  const { secret, key } = createKey({ name, role, createdMs, expiresMs });
  folder.add(key);
  return `${secret}\n${line(key)}\nKeep it: the key is not shown again.\n`;
}

function roleOf(text: string | undefined): Role {
  const role = ROLES.find((candidate) => candidate === text);
  if (role === undefined)
    throw invalid("--role", `"${text ?? ""}" is not one of ${ROLES.join(", ")}`);
  return role;
}

function durationOf(text: string): number {
  const ms = parseDurationMs(text);
  if (ms === undefined || ms <= 0) throw invalid("--expires", `"${text}" is not a duration as 90d`);
  return ms;
}

function list(folder: KeyFolder, nowMs: number): string {
  const keys = folder.list();
  if (keys.length === 0) return "no keys: the server asks nobody for one\n";
  const lines = keys.map((key) => {
    const usedMs = folder.lastUsedMs(key.id);
    const isExpired = key.expiresMs !== null && key.expiresMs <= nowMs;
    const used = usedMs === undefined ? "never used" : `last used ${timeText(usedMs)}`;
    return `${line(key)}  ${used}${isExpired ? "  EXPIRED" : ""}`;
  });
  return `${lines.join("\n")}\n`;
}

function revoke(folder: KeyFolder, id: string): string {
  if (!folder.remove(id)) throw invalid("revoke", `there is no key ${JSON.stringify(id)}`);
  const left = folder.list().length;
  const note = left === 0 ? "; none is left, so after a restart nobody is asked for one" : "";
  return `revoked ${id}${note}\n`;
}

function line({ id, role, name, createdMs, expiresMs }: StoredKey): string {
  const end = expiresMs === null ? "never expires" : `expires ${timeText(expiresMs)}`;
  return `${id}  ${role.padEnd(6)}  ${name}  created ${timeText(createdMs)}  ${end}`;
}

function timeText(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 16)}Z`;
}

function invalid(option: string, reason: string, cause?: unknown): AvxError {
  return new AvxError("invalid_config", { option, reason }, { cause });
}
