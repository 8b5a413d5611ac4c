import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { WatchState } from "./series-watch.ts";

/** Raised when the meaning of a state changes; a file of another version is not read. */
const VERSION = 2;
/** 10,000 detectors of 2 kB, and room for those that know a week. A larger file is none of ours. */
const MAX_FILE_BYTES = 100 * 1024 * 1024;
/** Lines turned into text at once, about 5 ms of work. */
const LINES_AT_ONCE = 200;

interface Head {
  readonly version: number;
  readonly savedMs: number;
}

/** Writes what the detectors have learned: a head, then a line for each. Whole or not at all. */
export async function writeStates(
  path: string,
  states: readonly WatchState[],
  savedMs: number,
): Promise<void> {
  const head: Head = { version: VERSION, savedMs };
  const beside = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(beside, "w");
  try {
    await file.write(`${JSON.stringify(head)}\n`);
    for (let from = 0; from < states.length; from += LINES_AT_ONCE) {
      const some = states.slice(from, from + LINES_AT_ONCE);
      await file.write(some.map((state) => `${JSON.stringify(state)}\n`).join(""));
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** What a file holds; empty when there is none, or it is of another version or damaged. */
export async function readStates(path: string): Promise<readonly WatchState[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return []; // The first start, or a directory that the store will complain of.
  }
  if (text.length > MAX_FILE_BYTES) return [];
  const [headLine = "", ...lines] = text.split("\n");
  const head = parsed(headLine);
  if (head?.["version"] !== VERSION) return [];
  return lines.flatMap((line) => {
    const state = parsed(line);
    return isState(state) ? [state] : [];
  });
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // Proof of the `as`: any object can be read by names, each field is unknown.
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A file of our version was written by `writeStates`; only a torn line can be anything else. */
function isState(value: unknown): value is WatchState {
  return (
    typeof value === "object" &&
    value !== null &&
    "series" in value &&
    "detector" in value &&
    "lastMs" in value
  );
}
