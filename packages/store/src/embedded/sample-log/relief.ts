import type { Head } from "../../head/head.ts";
import type { EmbeddedLimits } from "../embedded-limits.ts";
import type { MetricLog } from "./metric-log.ts";

/** Each cut of all blocks is one more row for each series: not more often when it does not help. */
const LOG_CUT_PAUSE_MS = 60_000;

/** What can be relieved, and how. */
export interface ReliefParts {
  readonly head: Head;
  readonly metricLog: MetricLog;
  readonly limits: EmbeddedLimits;
  readonly moveToEngine: (blocks: readonly number[]) => Promise<void>;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/**
 * Moves blocks to the engine before they are due: the oldest when the memory fills, all of them when
 * the log has grown so long that a start would take too long. The log grows without the memory when
 * samples come twice, and by histograms, exemplars and labels.
 */
export class Relief {
  private readonly parts: ReliefParts;
  private isMoving = false;
  private lastLogCutMs = -Infinity;

  constructor(parts: ReliefParts) {
    this.parts = parts;
  }

  /** To be called after each append; does not wait. A failure is logged and tried again later. */
  check(): void {
    const { head, metricLog, limits } = this.parts;
    if (this.isMoving) return;
    const isFull =
      head.sampleCount >= limits.softHeadSamples || head.sampleBytes >= limits.softHeadBytes;
    if (isFull) void this.move(1);
    else if (metricLog.bytes >= limits.softLogBytes) this.shortenLog();
  }

  private shortenLog(): void {
    const timeMs = this.parts.nowMs();
    // A clock that was set back does not prolong the pause.
    if (Math.abs(timeMs - this.lastLogCutMs) < LOG_CUT_PAUSE_MS) return;
    this.lastLogCutMs = timeMs;
    void this.move(Infinity);
  }

  private async move(oldest: number): Promise<void> {
    const { head, moveToEngine, log } = this.parts;
    this.isMoving = true;
    try {
      await moveToEngine(head.openBlockStarts().slice(0, oldest));
    } catch (error) {
      log(`cannot move samples to the engine before they are due: ${error}`);
    } finally {
      this.isMoving = false;
    }
  }
}
