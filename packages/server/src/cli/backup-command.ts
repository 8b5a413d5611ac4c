import { parseArgs } from "node:util";
import { AvxError } from "@avx/model";
import { backUp, restore } from "@avx/store";
import { commandLineReason } from "./command-line-reason.ts";

/** What `avx backup --help` prints. */
export const BACKUP_HELP = `usage: avx backup --to FOLDER [--data-dir DIR]

Copies a data directory with checksums. A running server makes a snapshot for it and goes on; of a
stopped one the directory is copied as it lies there. Everything acknowledged before is in it.

  --to FOLDER        a folder that does not exist or is empty
  --data-dir DIR     of the server (./data)                                  AVX_DATA_DIR
  --help
`;

/** What `avx restore --help` prints. */
export const RESTORE_HELP = `usage: avx restore --from FOLDER [--data-dir DIR]

Makes a data directory of a backup, after all of its checksums have been verified.

  --from FOLDER      what avx backup wrote
  --data-dir DIR     a folder that does not exist or is empty (./data)       AVX_DATA_DIR
  --help
`;

const MIB = 1024 * 1024;

/** What the two commands need of the world around them. */
export interface BackupCommandOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly nowMs: () => number;
}

/** Runs `avx backup` and returns the line to print. Throws AvxError `invalid_config` and others. */
export async function runBackup(
  argv: readonly string[],
  { env, nowMs }: BackupCommandOptions,
): Promise<string> {
  const { folder, dataDir } = parse(argv, env, "to");
  const begunMs = nowMs();
  const { files, bytes, isOnline } = await backUp({ dataDir, to: folder, nowMs: begunMs });
  const seconds = ((nowMs() - begunMs) / 1000).toFixed(1);
  const what = isOnline ? "a running server" : "a stopped directory";
  return `backed up ${what}: ${files} files, ${(bytes / MIB).toFixed(1)} MiB, ${seconds} s\n`;
}

/** Runs `avx restore` and returns the line to print. Throws AvxError `invalid_config` and others. */
export async function runRestore(
  argv: readonly string[],
  { env }: BackupCommandOptions,
): Promise<string> {
  const { folder, dataDir } = parse(argv, env, "from");
  const { files } = await restore({ from: folder, dataDir });
  return `restored ${files} files into ${dataDir}; all checksums are right\n`;
}

function parse(
  argv: readonly string[],
  env: BackupCommandOptions["env"],
  folderOption: "to" | "from",
): { readonly folder: string; readonly dataDir: string } {
  const options = { [folderOption]: { type: "string" }, "data-dir": { type: "string" } } as const;
  let values: Readonly<Record<string, string | undefined>>;
  try {
    ({ values } = parseArgs({ args: [...argv], options, allowPositionals: false }));
  } catch (cause) {
    const reason = commandLineReason(cause);
    throw new AvxError("invalid_config", { option: "command line", reason }, { cause });
  }
  const folder = values[folderOption];
  if (!folder)
    throw new AvxError("invalid_config", { option: `--${folderOption}`, reason: "is needed" });
  return { folder, dataDir: values["data-dir"] ?? env["AVX_DATA_DIR"] ?? "data" };
}
