/** What `soak.ts` sees of a server under load: its processes from outside, its heap by its own page. */
import { memoryByProcess } from "./process-usage.ts";
import type { ServerProcess } from "./server-process.ts";

const MIB = 1024 * 1024;

/** The server at one moment. */
export interface Look {
  readonly minute: number;
  readonly mainMb: number;
  readonly mainAnonymousMb: number;
  readonly engineMb: number;
  readonly engineAnonymousMb: number;
  /** Of the main thread. */
  readonly heapUsedMb: number;
  readonly arrayBuffersMb: number;
  readonly headSamples: number;
  readonly counters: {
    readonly samplesTaken: number;
    readonly spansTaken: number;
    readonly itemsRefused: number;
    readonly requestsRefused: number;
    readonly engineRestarts: number;
  };
}

/** Reads `/proc` and the server's metrics. The engine is every process below the server's own. */
export async function lookAt({ url, pid }: ServerProcess, minute: number): Promise<Look> {
  const page = (await (await fetch(`${url}/metrics`)).text()).split("\n");
  const sum = (name: string, condition = ""): number =>
    page
      .filter((line) => line.startsWith(name) && line.includes(condition))
      .reduce((total, line) => total + Number(line.split(" ")[1]), 0);
  const [main, ...others] = memoryByProcess(pid);
  return {
    minute,
    mainMb: main?.residentMb ?? 0,
    mainAnonymousMb: main?.anonymousMb ?? 0,
    engineMb: others.reduce((total, { residentMb }) => total + residentMb, 0),
    engineAnonymousMb: others.reduce((total, { anonymousMb }) => total + anonymousMb, 0),
    heapUsedMb: sum("v8js_memory_heap_used_bytes") / MIB,
    arrayBuffersMb: sum("avx_array_buffers_bytes") / MIB,
    headSamples: sum("avx_head_samples"),
    counters: {
      samplesTaken: sum("avx_ingest_accepted_total", 'signal="metrics"'),
      spansTaken: sum("avx_ingest_accepted_total", 'signal="traces"'),
      itemsRefused: sum("avx_rejected_total"),
      requestsRefused: sum("avx_ingest_refused_total"),
      engineRestarts: sum("avx_store_engine_restarts_total"),
    },
  };
}

/** A look at the end of a minute comes this much after it, on a busy machine. */
const LATE_MINUTES = 0.1;

const SHOWN = [
  "mainMb",
  "mainAnonymousMb",
  "engineMb",
  "engineAnonymousMb",
  "heapUsedMb",
  "arrayBuffersMb",
] as const;

/** A row for each minute: means of its looks, and the samples in memory at its end. */
export function everyMinute(looks: readonly Look[]) {
  const minutes = Map.groupBy(looks, ({ minute }) => Math.ceil(minute - LATE_MINUTES));
  return [...minutes].map(([minute, ofMinute]) => ({
    minute,
    ...eachShown((key) => Math.round(mean(ofMinute.map((look) => look[key])))),
    headSamples: ofMinute.at(-1)?.headSamples ?? 0,
  }));
}

/** Least squares over the looks: MB an hour, and samples an hour. */
export function slopes(looks: readonly Look[]) {
  return {
    ...eachShown((key) => Math.round(slope(looks, (look) => look[key]))),
    headSamples: Math.round(slope(looks, ({ headSamples }) => headSamples)),
  };
}

/** The looks since the head was cut for the first time: until then its samples alone make it grow. */
export function sinceFirstCut(looks: readonly Look[]): readonly Look[] {
  const cut = looks.findIndex(
    ({ headSamples }, i) => headSamples < (looks[i - 1]?.headSamples ?? 0),
  );
  return cut < 0 ? [] : looks.slice(cut);
}

function eachShown(of: (key: (typeof SHOWN)[number]) => number): Record<string, number> {
  return Object.fromEntries(SHOWN.map((key) => [key, of(key)]));
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Per hour; 0 of fewer than two looks. */
function slope(looks: readonly Look[], of: (look: Look) => number): number {
  const meanMinute = mean(looks.map(({ minute }) => minute));
  const meanValue = mean(looks.map(of));
  let above = 0;
  let below = 0;
  for (const look of looks) {
    above += (look.minute - meanMinute) * (of(look) - meanValue);
    below += (look.minute - meanMinute) ** 2;
  }
  return below === 0 ? 0 : (60 * above) / below;
}
