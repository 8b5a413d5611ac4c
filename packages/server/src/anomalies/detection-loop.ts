import type { Log } from "../self/log.ts";
import type { DetectionTap } from "./detection-tap.ts";
import type { LiveDetection } from "./live-detection.ts";

/** Samples of one export come in a few requests; they are judged together. */
const GATHER_MS = 100;
/** Queries take at most a quarter of the time, unless that would make events late. */
const REST_TIMES = 3;
const MOST_REST_MS = 400;
/** How often silent signals are looked for. */
const SILENCE_EVERY_MS = 5000;

/** A running loop. */
export interface DetectionLoop {
  /** No further run starts; resolves when the running one is over. */
  stop(): Promise<void>;
}

/** What the loop runs. */
export interface DetectionLoopPorts {
  readonly tap: DetectionTap;
  readonly detection: LiveDetection;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Judges soon after samples have come, and rests for a while after that. */
export function startDetectionLoop(ports: DetectionLoopPorts): DetectionLoop {
  const { tap, detection, nowMs, log } = ports;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let restUntilMs = 0;

  const reported = (task: Promise<void>): Promise<void> =>
    task.catch((error: unknown) => {
      log("error", "anomaly detection failed", { reason: String(error) });
    });
  const run = async (): Promise<void> => {
    const startedMs = nowMs();
    await reported(detection.judgeServices(startedMs));
    const endedMs = nowMs();
    const restMs = REST_TIMES * Math.max(0, endedMs - startedMs);
    restUntilMs = endedMs + Math.min(MOST_REST_MS, restMs);
  };
  tap.onSamples = () => {
    // After the append has answered its sender, before anything that waits for a timer.
    setImmediate(() => void reported(detection.judgeSamples()));
  };
  tap.onServices = () => {
    if (isStopped) return;
    timer = setTimeout(
      () => {
        running = running.then(run);
      },
      Math.max(GATHER_MS, restUntilMs - nowMs()),
    );
    timer.unref();
  };
  const silence = setInterval(() => {
    void reported(detection.watchSilence(nowMs()));
  }, SILENCE_EVERY_MS);
  silence.unref();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      clearInterval(silence);
      await running;
    },
  };
}
