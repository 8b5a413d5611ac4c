import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const DAY_MS = 86_400_000;

/** A clock that is this much further than it should be may be wrong: expiry waits. */
const DOUBTED_JUMP_MS = 7 * DAY_MS;

/** So long somebody has to set the clock right; then it is believed. */
const BELIEVED_AFTER_MS = DAY_MS;

/** The clock of the wall, one that only ever counts what passes, and where the last look is kept. */
export interface ExpiryClockParts {
  readonly nowMs: () => number;
  readonly passedMs: () => number;
  readonly dataDir: string;
  readonly log: (line: string) => void;
}

/**
 * Says by which time data may be dropped. A clock that jumps years ahead would let all data expire at
 * once, and it does not come back: after a jump of more than a week, over a restart too, nothing is
 * dropped for a day.
 */
export class ExpiryClock {
  readonly #parts: ExpiryClockParts;
  readonly #file: string;
  #lastMs: number;
  #lastPassedMs: number;
  #doubtedAtMs: number | undefined;

  constructor(parts: ExpiryClockParts) {
    this.#parts = parts;
    this.#file = join(parts.dataDir, "clock");
    this.#lastPassedMs = parts.passedMs();
    this.#lastMs = readTime(this.#file) ?? parts.nowMs();
  }

  /** The time, or `undefined` while it is doubted. */
  trustedMs(): number | undefined {
    const nowMs = this.#parts.nowMs();
    const passedMs = this.#parts.passedMs();
    const jumpMs = nowMs - this.#lastMs - (passedMs - this.#lastPassedMs);
    this.#lastMs = nowMs;
    this.#lastPassedMs = passedMs;
    if (jumpMs > DOUBTED_JUMP_MS) this.#doubt(jumpMs);
    if (jumpMs < -DOUBTED_JUMP_MS) this.#doubtedAtMs = undefined;
    const isDoubted = passedMs - (this.#doubtedAtMs ?? -Infinity) < BELIEVED_AFTER_MS;
    if (isDoubted) return undefined;
    try {
      writeFileSync(this.#file, String(nowMs));
    } catch {
      // A full disk: what expires makes room, and the next look writes it.
    }
    return nowMs;
  }

  #doubt(jumpMs: number): void {
    this.#doubtedAtMs = this.#parts.passedMs();
    const days = Math.round(jumpMs / DAY_MS);
    this.#parts.log(
      `the clock is ${days} days further than at the last look; nothing expires for 24 hours, in case it is wrong`,
    );
  }
}

function readTime(file: string): number | undefined {
  try {
    const timeMs = Number(readFileSync(file, "utf8"));
    return Number.isFinite(timeMs) && timeMs > 0 ? timeMs : undefined;
  } catch {
    return undefined;
  }
}
