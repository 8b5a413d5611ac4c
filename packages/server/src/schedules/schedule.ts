import type { Log } from "../self/log.ts";

/** A task that runs again and again. */
export interface Schedule {
  /** No further run starts; resolves when the running one is over. */
  stop(): Promise<void>;
}

/** When the task runs and how it is named in the log. */
export interface ScheduleOptions {
  readonly name: string;
  readonly everyMs: number;
  /** Runs start this long after each whole multiple of `everyMs`. */
  readonly delayMs: number;
  readonly nowMs: () => number;
  readonly log: Log;
}

/**
 * Runs a task at whole multiples of `everyMs`. A run that is still going when the next is due makes
 * that one fall out; a failure is logged and does not stop the schedule.
 */
export function startSchedule(
  options: ScheduleOptions,
  task: (dueMs: number) => Promise<void>,
): Schedule {
  const { name, everyMs, delayMs, nowMs, log } = options;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const plan = (): void => {
    const dueMs = (Math.floor((nowMs() - delayMs) / everyMs) + 1) * everyMs;
    timer = setTimeout(
      () => {
        running = task(dueMs)
          .catch((error: unknown) => {
            if (stopped) return; // It was cut short.
            log("error", `${name} failed`, {
              reason: error instanceof Error ? error.message : String(error),
            });
          })
          .finally(() => {
            if (!stopped) plan();
          });
      },
      dueMs + delayMs - nowMs(),
    );
    timer.unref();
  };
  let stopped = false;
  plan();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
