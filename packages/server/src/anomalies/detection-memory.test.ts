import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createQueryEngine } from "@avx/promql";
import { createMemoryStore, type Store } from "@avx/store";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AnomalyEvent, HeldAnomaly } from "../contract.ts";
import { createAnomalyJournal, type HeldJournal } from "./anomaly-journal.ts";
import { openDetectionMemory } from "./detection-memory.ts";
import { createDetectionTap } from "./detection-tap.ts";
import { feedbackRecord, muteRecord } from "./event-records.ts";
import { createFindingPolicy } from "./finding-policy.ts";
import { createLiveDetection } from "./live-detection.ts";
import { createLocalRoom } from "./local-room.ts";
import { createSeriesWatch } from "./series-watch.ts";
import { readStates, writeStates } from "./state-file.ts";
import { WatchRegistry } from "./watch-registry.ts";

const NOW_MS = 1_700_000_000_000;
const SERIES = {
  ...{ key: "latency cart", service: "cart", signal: "latency" as const, metric: "" },
  ...{ unit: "s" as const, kind: "gauge" as const },
};
const OPEN: AnomalyEvent = {
  ...{ id: `latency cart@${NOW_MS - 1000}`, service: "cart", signal: "latency", metric: "" },
  ...{ timestampMs: NOW_MS - 1000, endMs: null, value: 1, peakValue: 1, unit: "s" },
  ...{ expectedLower: 0, expectedUpper: 0.5, detector: "Streaming", reason: "jump-up" },
  ...{ score: 0.9, threshold: 0.75 },
};

const HELD: HeldAnomaly = {
  ...OPEN,
  ...{ id: "latency till@1", endMs: NOW_MS, service: "till" },
  hold: { reason: "quality", quality: 0.5, problems: [{ dimension: "validity", amount: 0.5 }] },
};

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "avx-detection-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

/** A run of the server: what it knows of anomalies, over a store that outlives it. */
async function run(store: Store) {
  const append = store.metrics.append.bind(store.metrics);
  const journal = createAnomalyJournal();
  const held: HeldJournal = createAnomalyJournal();
  const policy = createFindingPolicy(20);
  const registry = new WatchRegistry(policy.thresholdOf);
  const logged: string[] = [];
  const detection = createLiveDetection({
    ...{ engine: createQueryEngine({ reader: store.metrics }), append, journal, held, policy },
    ...{ registry, openRoom: createLocalRoom },
    tap: createDetectionTap({ append, selectors: [], registry }),
    self: { anomalyFound: () => {}, anomalyWithheld: () => {} },
  });
  const memory = await openDetectionMemory({
    ...{ events: store.events, journal, held, policy, detection, dataDir },
    log: (level, message) => logged.push(`${level} ${message}`),
    nowMs: () => NOW_MS,
  });
  return { journal, held, policy, registry, detection, memory, logged };
}

const statePath = () => join(dataDir, "anomaly-state.jsonl");
const memoryStore = () => createMemoryStore({ retentionMs: "off", nowMs: () => NOW_MS });
const watchState = () => {
  const watch = createSeriesWatch(SERIES);
  watch.learn(NOW_MS - 2000, 0.1);
  return { ...watch.save(), open: OPEN };
};

describe("memory of detection", () => {
  it("brings back detectors, events, feedback and mutes", async () => {
    const store = memoryStore();
    await writeStates(statePath(), [watchState()], NOW_MS);
    const first = await run(store);
    first.journal.put(OPEN);
    first.held.put(HELD);
    await store.events.put([
      feedbackRecord({ anomalyId: OPEN.id, verdict: "expected", givenMs: NOW_MS }, OPEN),
      muteRecord({ id: "m", service: "x", signal: null, untilMs: NOW_MS + 1, note: "" }, NOW_MS),
    ]);
    await first.memory.stop();

    const second = await run(store);
    const { entries } = second.registry;
    expect(entries).toMatchObject([{ series: SERIES, lastMs: NOW_MS - 2000 }]);
    for await (const state of readStates(statePath())) expect(state).toEqual(watchState());
    expect(second.held.get(HELD.id)).toEqual(HELD);
    expect(second.journal.get(OPEN.id)).toEqual(OPEN);
    expect(second.policy.feedbackOf(OPEN.id)).toBe("expected");
    expect(second.policy.mutes(NOW_MS)).toHaveLength(1);
    await second.memory.stop();
  });

  it("ends an event that was open and that no detector remembers", async () => {
    const store = memoryStore();
    const first = await run(store);
    first.journal.put(OPEN);
    await first.memory.stop();
    const second = await run(store);
    expect(second.journal.get(OPEN.id)?.endMs).toBe(OPEN.timestampMs);
    await second.memory.stop();
  });

  it("writes an event when it opens and when it closes, not each time its peak moves", async () => {
    const store = memoryStore();
    let writes = 0;
    const events = {
      ...{ search: store.events.search.bind(store.events) },
      put: async (records: Parameters<Store["events"]["put"]>[0]) => {
        writes += records.length;
        await store.events.put(records);
      },
    };
    const { journal, memory } = await run({ ...store, events });
    for (const peakValue of [1, 2, 3]) journal.put({ ...OPEN, peakValue });
    journal.put({ ...OPEN, peakValue: 3, endMs: NOW_MS });
    await memory.stop();
    expect(writes).toBe(2);
  });

  it.each([
    ["of another version", (text: string) => text.replace('"version":5', '"version":1'), 0],
    ["with a torn last line", (text: string) => `${text}{"series":`, 1],
    ["that is none of ours", () => "\u0000binary", 0],
  ])("starts with a file %s", async (_, damage, watches) => {
    const store = memoryStore();
    await writeStates(statePath(), [watchState()], NOW_MS);
    await writeFile(statePath(), damage(await readFile(statePath(), "utf8")));
    const second = await run(store);
    expect(second.detection.watches).toBe(watches);
    await second.memory.stop();
  });

  it("passes over damaged lines, says so once and goes on with the others", async () => {
    const store = memoryStore();
    const good = watchState();
    const named = (key: string) => ({ ...good, series: { ...SERIES, key } });
    const damaged = [
      { ...named("a"), detector: { ...good.detector, version: 99 } },
      { ...named("b"), detector: null },
      { ...named("c"), detector: { ...good.detector, packed: "AAAA" } },
      { ...named("d"), series: null },
      { ...named("e"), series: { ...SERIES, service: 7 } },
      { ...named("f"), lastMs: "yesterday" },
    ];
    await writeStates(statePath(), [], NOW_MS);
    const head = await readFile(statePath(), "utf8");
    const lines = [...damaged, named("last")].map((state) => JSON.stringify(state));
    await writeFile(statePath(), `${head}${lines.join("\n")}\n`);
    const second = await run(store);
    expect(second.registry.entries.map(({ series }) => series.key)).toEqual(["last"]);
    expect(second.logged).toEqual(["warn detectors start anew: their saved states are damaged"]);
    await second.memory.stop();
  });
});
