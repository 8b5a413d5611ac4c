/** What /proc says of a process and everything below it. Linux only. */
import { readdirSync, readFileSync } from "node:fs";

/** Jiffies of /proc are 10 ms. */
const JIFFY_MS = 10;

/** The process and all its descendants that live now. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = Number(statFields(Number(entry))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...(children.get(found[i] ?? 0) ?? []));
  return found;
}

/** Fields of /proc/PID/stat from the state on; `undefined` when the process is gone. */
function statFields(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ");
  } catch {
    return undefined;
  }
}

/** What one process has in memory, in MiB. */
export interface ProcessMemory {
  readonly pid: number;
  readonly parent: number;
  readonly residentMb: number;
  /** What no file backs: heaps and buffers. */
  readonly anonymousMb: number;
  /** Resident, but pages that several processes have are shared among them. */
  readonly proportionalMb: number;
}

/** The process and all its descendants, the process first. Those that end meanwhile are left out. */
export function memoryByProcess(root: number): ProcessMemory[] {
  return treeOf(root).flatMap((pid) => {
    try {
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
      const mb = (field: string): number =>
        Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(rollup)?.[1] ?? 0) / 1024;
      const parent = Number(statFields(pid)?.[1] ?? 0);
      const residentMb = mb("Rss");
      const memory = { residentMb, anonymousMb: mb("Anonymous"), proportionalMb: mb("Pss") };
      return [{ pid, parent, ...memory }];
    } catch {
      return [];
    }
  });
}

/** CPU milliseconds, user and system, that the tree has used, also by processes that have ended. */
export function cpuMs(root: number): number {
  let jiffies = 0;
  for (const pid of treeOf(root)) {
    const fields = statFields(pid);
    for (const field of fields?.slice(11, 15) ?? []) jiffies += Number(field);
  }
  return jiffies * JIFFY_MS;
}

/** Resident memory of the tree now, in MiB. */
export function residentMb(root: number): number {
  return memoryMb(root, "VmRSS");
}

/** The resident memory of the tree that no file backs: heaps and buffers, in MiB. */
export function anonymousMb(root: number): number {
  return memoryMb(root, "RssAnon");
}

function memoryMb(root: number, field: "VmRSS" | "RssAnon"): number {
  const pattern = new RegExp(`${field}:\\s+(\\d+)`);
  let kb = 0;
  for (const pid of treeOf(root)) {
    try {
      kb += Number(pattern.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0);
    } catch {
      // The process ended between the listing and now.
    }
  }
  return kb / 1024;
}
