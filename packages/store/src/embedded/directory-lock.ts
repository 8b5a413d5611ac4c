import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AvxError } from "@avx/model";

/** Kernel clock ticks at which a process began, "" where the system does not tell (not Linux). */
function startTicks(pid: number): string {
  try {
    // Field 22 of proc(5) stat; the command before it may hold spaces, so count from its ")".
    return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").pop()?.split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Whether the process that wrote the lock still lives; a reused process id does not count. */
function isHeld(content: string): boolean {
  const [pid, ticks] = content.split(" ");
  return isRunning(Number(pid)) && (!ticks || ticks === startTicks(Number(pid)));
}

/**
 * Makes the directory and takes it for this process. Throws `data_dir_unusable` when it cannot be
 * written or another process has it; the lock of a dead process is taken over. Returns the release.
 */
export function lockDirectory(dataDir: string): () => void {
  const path = join(dataDir, "lock");
  const unusable = (reason: string, cause?: unknown): AvxError =>
    new AvxError("data_dir_unusable", { path: dataDir, reason }, { cause });
  try {
    mkdirSync(dataDir, { recursive: true });
    const content = `${process.pid} ${startTicks(process.pid)}`;
    if (!writeNew(path, content)) {
      const holder = readFileSync(path, "utf8");
      if (isHeld(holder)) throw unusable(`process ${holder.split(" ")[0]} is using it`);
      rmSync(path, { force: true });
      if (!writeNew(path, content)) throw unusable("another process has just taken it");
    }
  } catch (error) {
    if (error instanceof AvxError) throw error;
    throw unusable(error instanceof Error ? error.message : String(error), error);
  }
  return () => rmSync(path, { force: true });
}

function writeNew(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
