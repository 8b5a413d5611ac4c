import { join } from "node:path";
import type { EventStore, StoredEvent } from "@avx/store";
import type { AnomalyEvent } from "../contract.ts";
import type { Log } from "../self/log.ts";
import type { AnomalyJournal, HeldJournal } from "./anomaly-journal.ts";
import { anomalyRecord, contentOf, heldRecord } from "./event-records.ts";
import type { FindingPolicy } from "./finding-policy.ts";
import type { LiveDetection } from "./live-detection.ts";
import type { RestoredWatch } from "./watch-messages.ts";

/** What a crash may lose of what the detectors learned; the store's history fills it in again. */
const SAVE_EVERY_MS = 180_000;
/** As many as the journal holds. */
const MAX_EVENTS = 10_000;
const MAX_OTHERS = 1000;
const MEMORY_MS = 30 * 86_400_000;

/** What is kept over a restart, and where. */
export interface DetectionMemoryPorts {
  readonly events: EventStore;
  readonly journal: AnomalyJournal;
  readonly held: HeldJournal;
  readonly policy: FindingPolicy;
  readonly detection: LiveDetection;
  /** Undefined: what detectors learned is not kept. */
  readonly dataDir: string | undefined;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Keeps events as they open and close, and every few minutes what the detectors have learned. */
export interface DetectionMemory {
  /** Saves once more. */
  stop(): Promise<void>;
}

/** Brings back what an earlier run knew, then keeps what is found from now on. */
export async function openDetectionMemory(ports: DetectionMemoryPorts): Promise<DetectionMemory> {
  const { events, journal, held, detection, dataDir, nowMs, log } = ports;
  const path = dataDir === undefined ? undefined : join(dataDir, "anomaly-state.jsonl");
  const failed = (what: string) => (error: unknown) =>
    log("error", what, { reason: String(error) });
  await remember(ports).catch(failed("earlier anomalies could not be read"));
  closeForgotten(ports, path === undefined ? [] : await restoredFrom(path, ports));

  let writing: Promise<void> = Promise.resolve();
  const keep = <E extends AnomalyEvent>(recordOf: (event: E) => StoredEvent) => {
    const states = new Map<string, boolean>();
    return (event: E): void => {
      const isOpen = event.endMs === null;
      if (states.get(event.id) === isOpen) return; // Only its peak has moved.
      if (isOpen) states.set(event.id, true);
      else states.delete(event.id);
      writing = writing
        .then(() => events.put([recordOf(event)]))
        .catch(failed("an anomaly could not be stored"));
    };
  };
  const leaves = [journal.listen(keep(anomalyRecord)), held.listen(keep(heldRecord))];
  const save = async (): Promise<void> => {
    if (path !== undefined) await detection.save(path, nowMs());
  };
  let saving: Promise<void> = Promise.resolve();
  const saveSoon = (): Promise<void> => {
    saving = saving.then(save).catch(failed("what detectors learned could not be saved"));
    return saving;
  };
  const timer = setInterval(saveSoon, SAVE_EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      for (const leave of leaves) leave();
      await saveSoon();
      await writing;
    },
  };
}

async function restoredFrom(
  path: string,
  { detection, log }: DetectionMemoryPorts,
): Promise<readonly RestoredWatch[]> {
  const { watches, damaged } = await detection.restore(path);
  if (damaged > 0) log("warn", "detectors start anew: their saved states are damaged", { damaged });
  return watches;
}

async function remember(ports: DetectionMemoryPorts): Promise<void> {
  const { events, journal, held, policy, nowMs } = ports;
  const range = { startMs: nowMs() - MEMORY_MS, endMs: nowMs() };
  const read = (kind: string, limit: number) => events.search({ kind, service: "", range, limit });
  const [anomalies, holds, feedback, mutes] = await Promise.all([
    read("anomaly", MAX_EVENTS),
    read("held", MAX_EVENTS),
    read("feedback", MAX_EVENTS),
    read("mute", MAX_OTHERS),
  ]);
  for (const record of anomalies.toReversed()) {
    const event = contentOf("anomaly", record);
    journal.put(event);
    policy.wasShown(event);
  }
  for (const record of holds.toReversed()) held.put(contentOf("held", record));
  for (const record of feedback) {
    const { anomalyId, verdict } = contentOf("feedback", record);
    policy.learn(anomalyId, verdict);
  }
  for (const record of mutes) policy.mute(contentOf("mute", record));
}

/** An event that was open and that no detector remembers is over: nobody would close it. */
function closeForgotten(
  { journal, events, nowMs, log }: DetectionMemoryPorts,
  restored: readonly RestoredWatch[],
): void {
  const remembered = new Set(restored.map(({ openId }) => openId));
  const search = { service: "", startMs: 0, endMs: nowMs(), limit: MAX_EVENTS };
  const forgotten = journal
    .search(search)
    .filter(({ id, endMs }) => endMs === null && !remembered.has(id))
    .map((event) => ({ ...event, endMs: event.timestampMs }));
  for (const event of forgotten) journal.put(event);
  events.put(forgotten.map(anomalyRecord)).catch((error: unknown) => {
    log("error", "an anomaly could not be stored", { reason: String(error) });
  });
}
