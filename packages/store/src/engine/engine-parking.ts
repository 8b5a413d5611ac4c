import { uint64s } from "./block-access.ts";
import type { SupervisedEngine } from "./supervised-engine.ts";

/** A look costs nothing until the idle time is over. */
const LOOKS_PER_IDLE_TIME = 4;
const MAX_LOOK_MS = 5_000;

/**
 * Inserts of fewer rows within the idle time do not keep the engine running: they can wait in the
 * logs. About 5 MB of spans in memory, and as many rows as are inserted in 50 ms.
 */
export const FEW_ROWS = 5_000;

/** What goes on in the background; it is left to come to its end. */
const IN_THE_BACKGROUND =
  "SELECT count() AS n FROM (SELECT 1 FROM system.merges " +
  "UNION ALL SELECT 1 FROM system.mutations WHERE NOT is_done)";

/** What the engine has been asked for so far. */
interface Use {
  readonly questions: number;
  readonly insertedRows: number;
}

/** What is asked of an engine that may be parked. */
export type ParkableEngine = Pick<
  SupervisedEngine,
  "questions" | "insertedRows" | "isUp" | "isParked" | "query" | "park"
>;

/** What is parked, and when. */
export interface EngineParkingOptions {
  readonly engine: ParkableEngine;
  /** Without a question for this long the engine's process is ended. */
  readonly idleMs: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly passedMs: () => number;
  readonly log: (line: string) => void;
}

/**
 * Ends the engine's process while nobody needs it: it takes more memory than all the rest, and is back
 * within a fifth of a second. Merges are due right after the insert that causes them, so an engine
 * that has had nothing to do for the idle time and merges nothing now has none left to do.
 */
export class EngineParking {
  private readonly options: EngineParkingOptions;
  private readonly timer: NodeJS.Timeout;
  private seen: Use;
  private sinceMs: number;
  private looking: Promise<void> = Promise.resolve();

  constructor(options: EngineParkingOptions) {
    this.options = options;
    this.seen = useOf(options.engine);
    this.sinceMs = options.passedMs();
    const lookMs = Math.min(options.idleMs / LOOKS_PER_IDLE_TIME, MAX_LOOK_MS);
    this.timer = setInterval(() => this.lookSoon(), lookMs).unref();
  }

  private lookSoon(): void {
    this.looking = this.looking
      .then(() => this.look())
      .catch((error: unknown) => {
        this.options.log(`the engine could not be parked: ${error}`);
      });
  }

  /** Parks when it is time to. */
  async look(): Promise<void> {
    const { engine, idleMs, passedMs } = this.options;
    const timeMs = passedMs();
    if (engine.isParked || !engine.isUp || isNeeded(this.seen, useOf(engine))) {
      this.seen = useOf(engine);
      this.sinceMs = timeMs;
      return;
    }
    if (timeMs - this.sinceMs < idleMs) return;
    const before = engine.questions;
    const isBusy = await this.isBusy();
    const isAskedMeanwhile = engine.questions !== before + 1;
    this.seen = useOf(engine);
    if (isBusy || isAskedMeanwhile) this.sinceMs = timeMs;
    else await engine.park();
  }

  private async isBusy(): Promise<boolean> {
    const [block] = await this.options.engine.query(IN_THE_BACKGROUND);
    return block === undefined || uint64s(block, "n")[0] !== 0n;
  }

  /** Parks no more, after what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }
}

function useOf({ questions, insertedRows }: ParkableEngine): Use {
  return { questions, insertedRows };
}

function isNeeded(before: Use, now: Use): boolean {
  return now.questions !== before.questions || now.insertedRows - before.insertedRows >= FEW_ROWS;
}
