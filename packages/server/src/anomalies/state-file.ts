import { createReadStream } from "node:fs";
import { mkdir, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { JointState } from "./joint-watch.ts";
import type { WatchState } from "./series-watch.ts";

/** Raised when the meaning of a state changes; a file of another version is not read. */
const VERSION = 5;
/** Lines turned into text at once, about 5 ms of work. */
const LINES_AT_ONCE = 200;

/** What a line holds: one series, or the golden signals of one service together. */
type SavedState = WatchState | JointState;

interface Head {
  readonly version: number;
  readonly savedMs: number;
}

/** Writes what the detectors have learned: a head, then a line for each. Whole or not at all. */
export async function writeStates(
  path: string,
  states: Iterable<SavedState>,
  savedMs: number,
): Promise<void> {
  const head: Head = { version: VERSION, savedMs };
  const beside = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(beside, "w");
  try {
    let lines = [JSON.stringify(head)];
    for (const state of states) {
      if (lines.push(JSON.stringify(state)) < LINES_AT_ONCE) continue;
      await file.write(`${lines.join("\n")}\n`);
      lines = [];
    }
    if (lines.length > 0) await file.write(`${lines.join("\n")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
}

/** What a file holds, line by line; nothing when there is none, or it is of another version. */
export async function* readStates(path: string): AsyncGenerator<SavedState> {
  const input = createReadStream(path, "utf8");
  let version: unknown;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const value = parsed(line);
      if (version === undefined) {
        version = value?.["version"];
        if (version !== VERSION) return;
      } else if (isJointState(value) || isState(value)) yield value;
    }
  } catch {
    return; // The first start, or a directory that the store will complain of.
  } finally {
    input.destroy();
  }
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
    isSeries(value.series) &&
    "detector" in value &&
    "trust" in value &&
    "lastMs" in value &&
    Number.isFinite(value.lastMs)
  );
}

function isJointState(value: unknown): value is JointState {
  return (
    typeof value === "object" &&
    value !== null &&
    "joint" in value &&
    "service" in value &&
    typeof value.service === "string" &&
    "signals" in value &&
    Array.isArray(value.signals)
  );
}

const SERIES_TEXTS = ["key", "service", "signal", "metric", "unit", "kind"] as const;

/** Its labels name stored results, so one that is no text would end the start of the server. */
function isSeries(value: unknown): boolean {
  const series = new Map(Object.entries(value ?? {}));
  return SERIES_TEXTS.every((name) => typeof series.get(name) === "string");
}
