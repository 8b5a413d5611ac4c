import type { LabelledSeries } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import type { ChartedQuality, ServiceQuality, SignalQuality } from "../contract.ts";
import { instantByService, onGrid, rangeByService, type StepRange } from "./by-service.ts";
import { qualityChart } from "./quality-chart.ts";
import {
  isOf,
  newestQuery,
  type QualitySubject,
  qualitySubjects,
  sampleCountQuery,
} from "./quality-subjects.ts";
import { qualityOf } from "./signal-quality.ts";

/** The span whose samples are assessed. */
export const QUALITY_SPAN_MS = 900_000;
/** The resolution of usual exports. */
const STEP_MS = 15_000;
/** Samples are counted by the minute. */
const COUNT_STEP_MS = 60_000;
/** Rates over a minute each minute share no requests, as a control chart wants it. */
const CHART_STEP_MS = 60_000;
/** What is usual is told from so long before the span. */
const BASELINE_MS = 3_600_000;
/** What a service is taken to send at while its distance of samples is not known. */
const USUAL_CADENCE_MS = 15_000;

/** Where samples are read, and how far apart those of a service are, once that is known. */
export interface QualityPorts {
  readonly engine: QueryEngine;
  readonly cadenceMs: (service: string) => number | undefined;
}

/** The quality of what one service sends, with control charts. Empty when it sent nothing. */
export async function chartedQuality(
  ports: QualityPorts,
  { service, nowMs }: { readonly service: string; readonly nowMs: number },
): Promise<readonly ChartedQuality[]> {
  const { signals } = (await assess(ports, nowMs)).get(service) ?? { signals: [] };
  const endMs = Math.floor(nowMs / CHART_STEP_MS) * CHART_STEP_MS;
  const spanFromMs = endMs - QUALITY_SPAN_MS;
  const range = { startMs: spanFromMs - BASELINE_MS, endMs, stepMs: CHART_STEP_MS };
  const charted: ChartedQuality[] = [];
  for (const subject of qualitySubjects(CHART_STEP_MS / 4)) {
    const quality = signals.find((found) => isOf(subject, found));
    if (quality === undefined) continue;
    const series = (await rangeByService(ports.engine, subject.query, range)).get(service);
    charted.push({ ...quality, chart: qualityChart(series, range, spanFromMs + CHART_STEP_MS) });
  }
  return charted;
}

/** The quality of what every service sends, worst first. */
export async function serviceQualities(
  ports: QualityPorts,
  nowMs: number,
): Promise<readonly Omit<ServiceQuality, "heldPages">[]> {
  const found = await assess(ports, nowMs);
  return [...found.values()].sort(
    (a, b) => a.overall - b.overall || (a.service < b.service ? -1 : 1),
  );
}

type Assessed = Omit<ServiceQuality, "heldPages">;

async function assess(
  { engine, cadenceMs }: QualityPorts,
  nowMs: number,
): Promise<ReadonlyMap<string, Assessed>> {
  const endMs = Math.floor(nowMs / STEP_MS) * STEP_MS;
  const range = { startMs: endMs - QUALITY_SPAN_MS, endMs, stepMs: STEP_MS };
  const found = new Map<string, SignalQuality[]>();
  for (const subject of qualitySubjects(USUAL_CADENCE_MS)) {
    const counts = await countsOf(engine, subject, nowMs);
    const bands = await bandsOf(engine, subject, range);
    for (const [service, series] of await rangeByService(engine, subject.query, range)) {
      const newestSeconds = counts.newestSeconds.get(service);
      const quality = qualityOf({
        ...{ subject, series, range, nowMs },
        heardMs: newestSeconds === undefined ? undefined : newestSeconds * 1000,
        receivedShare: receivedShare({
          ...{ counts: counts.samples.get(service), cadenceMs: cadenceMs(service), nowMs },
        }),
        band: bandAt(bands, service, series),
      });
      found.set(service, [...(found.get(service) ?? []), quality]);
    }
  }
  return new Map(
    [...found].map(([service, signals]) => [
      service,
      { service, signals, overall: Math.min(...signals.map(({ overall }) => overall)) },
    ]),
  );
}

interface SampleCounts {
  /** Samples of the fullest series in each minute of the span. */
  readonly samples: ReadonlyMap<string, LabelledSeries>;
  /** Unix seconds. */
  readonly newestSeconds: ReadonlyMap<string, number>;
}

async function countsOf(
  engine: QueryEngine,
  { counted }: QualitySubject,
  nowMs: number,
): Promise<SampleCounts> {
  if (counted === undefined) return { samples: new Map(), newestSeconds: new Map() };
  // By minute, so that an instance that replaces another does not make a gap of what it was not.
  const startMs = nowMs - QUALITY_SPAN_MS + COUNT_STEP_MS;
  const range = { startMs, endMs: nowMs, stepMs: COUNT_STEP_MS };
  const samples = await rangeByService(engine, sampleCountQuery(counted, COUNT_STEP_MS), range);
  return { samples, newestSeconds: await instantByService(engine, newestQuery(counted), nowMs) };
}

interface ReceivedRequest {
  readonly counts: LabelledSeries | undefined;
  readonly cadenceMs: number | undefined;
  readonly nowMs: number;
}

/** How many of the samples that a service should have sent since it was first heard came. */
function receivedShare({ counts, cadenceMs, nowMs }: ReceivedRequest): number | undefined {
  const firstMs = counts?.timestampsMs[0];
  if (counts === undefined || cadenceMs === undefined || firstMs === undefined) return undefined;
  // It was first heard within its first minute, so that one is left out.
  const received = counts.values.subarray(1).reduce((sum, count) => sum + count, 0);
  const expected = Math.floor((nowMs - firstMs) / cadenceMs);
  return expected <= 0 ? 1 : Math.min(1, received / expected);
}

interface Bands {
  readonly range: StepRange;
  readonly lower: ReadonlyMap<string, LabelledSeries>;
  readonly upper: ReadonlyMap<string, LabelledSeries>;
}

/** Where the detectors expected a golden signal, as they stored it. */
async function bandsOf(
  engine: QueryEngine,
  { signal, metric }: QualitySubject,
  range: StepRange,
): Promise<Bands> {
  if (metric !== "") return { range, lower: new Map(), upper: new Map() };
  const side = (name: "lower" | "upper") =>
    rangeByService(engine, `avx_expected_${name}{signal="${signal}"}`, range);
  return { range, lower: await side("lower"), upper: await side("upper") };
}

function bandAt({ range, lower, upper }: Bands, service: string, { timestampsMs }: LabelledSeries) {
  const [below, above] = [lower.get(service), upper.get(service)];
  if (below === undefined || above === undefined) return undefined;
  const atSamples = (series: LabelledSeries): Float64Array => {
    const grid = onGrid(series, range);
    return timestampsMs.map(
      (timeMs) => grid[Math.round((timeMs - range.startMs) / range.stepMs)] ?? Number.NaN,
    );
  };
  return { lower: atSamples(below), upper: atSamples(above) };
}
