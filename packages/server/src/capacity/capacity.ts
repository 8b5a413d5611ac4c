import { type LabelledSeries, labelValue } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import { SERVICE_LABEL } from "@avx/sre";
import type { CapacityAnswer, CapacityRow } from "../contract.ts";
import type { FitPool } from "../forecasts/fit-pool.ts";
import { inLanes } from "../forecasts/in-lanes.ts";
import type { StepRange } from "../signals/by-service.ts";
import { outlookOf } from "./outlook.ts";
import { byUrgency } from "./rank.ts";
import { type Resource, resourcesOf } from "./resources.ts";

/** Where use is read, where forecasts are made, and the store's limit. */
export interface CapacityPorts {
  readonly engine: QueryEngine;
  readonly fits: FitPool;
  readonly maxSeries: number;
  readonly nowMs: () => number;
}

/** The outlook of all resources. */
export interface Capacity {
  /** Made anew when the last one is older than a minute; who asks meanwhile waits for the same. */
  current(): Promise<CapacityAnswer>;
}

/** Forecasts hardly change within a minute, and many pages may ask. */
const KEPT_MS = 60_000;
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** A day in minutes; when there is more than a day, a week in steps of five minutes. */
const DAY = { stepMs: MINUTE_MS, lengthMs: DAY_MS };
const WEEK = { stepMs: 5 * MINUTE_MS, lengthMs: 7 * DAY_MS };
const STEPS_OF_A_DAY = DAY_MS / WEEK.stepMs;
/** Rows of one answer: some hundred services. */
const MAX_ROWS = 500;
/** All models are tried for so many rows, which takes some seconds; three quick ones for the rest. */
const MAX_CAREFUL_ROWS = 60;

/** Asks nothing before somebody asks. */
export function createCapacity(ports: CapacityPorts): Capacity {
  let made: Promise<CapacityAnswer> | undefined;
  let madeMs = Number.NEGATIVE_INFINITY;
  return {
    current() {
      const nowMs = ports.nowMs();
      if (made === undefined || nowMs - madeMs > KEPT_MS) {
        madeMs = nowMs;
        made = capacityAt(ports, nowMs).catch((error: unknown) => {
          made = undefined;
          throw error;
        });
      }
      return made;
    },
  };
}

async function capacityAt(ports: CapacityPorts, nowMs: number): Promise<CapacityAnswer> {
  const asked: RowRequest[] = [];
  for (const resource of resourcesOf(ports.maxSeries)) {
    const limits = await limitsOf(ports.engine, resource, nowMs);
    for (const [service, use] of await useOf(ports.engine, resource, nowMs)) {
      if (asked.length >= MAX_ROWS) break;
      const mode = asked.length < MAX_CAREFUL_ROWS ? "auto" : "fast";
      asked.push({ resource, service, use, limit: limits(service), mode });
    }
  }
  const { fits } = ports;
  const rows = await inLanes(asked, fits.size, (request) => rowOf(request, fits));
  return { madeMs: nowMs, rows: rows.sort(byUrgency) };
}

interface RowRequest {
  readonly resource: Resource;
  readonly service: string;
  readonly use: Use;
  readonly limit: number | undefined;
  readonly mode: "auto" | "fast";
}

async function rowOf(
  { resource, service, use, limit, mode }: RowRequest,
  fits: FitPool,
): Promise<CapacityRow> {
  const { series, range } = use;
  const { stepMs, endMs } = range;
  return {
    ...{ resource: resource.resource, unit: resource.unit, service },
    current: series.values.at(-1) ?? null,
    limit: limit ?? null,
    limitMetric: typeof resource.limit === "number" ? null : resource.limit.metric,
    outlook: await outlookOf({ series, stepMs, endMs }, { limit, mode }, fits),
  };
}

/** The limit of each service; undefined where none is known. */
async function limitsOf(
  engine: QueryEngine,
  { limit }: Resource,
  timeMs: number,
): Promise<(service: string) => number | undefined> {
  if (typeof limit === "number") return () => limit;
  const by = limit.isOwn === true ? "" : ` by (${SERVICE_LABEL})`;
  // Of several instances the one with the least room is met first.
  const { value } = await engine.instant({ query: `min${by} (${limit.metric})`, timeMs });
  const limits = new Map<string, number>();
  for (const sample of value.type === "vector" ? value.samples : []) {
    limits.set(labelValue(sample.labels, SERVICE_LABEL), sample.value);
  }
  return (service) => limits.get(service);
}

interface Use {
  readonly series: LabelledSeries;
  readonly range: StepRange;
}

async function useOf(
  engine: QueryEngine,
  { query }: Resource,
  nowMs: number,
): Promise<ReadonlyMap<string, Use>> {
  const [day, week] = [rangeTo(nowMs, DAY), rangeTo(nowMs, WEEK)];
  const uses = new Map<string, Use>();
  for (const range of [day, week]) {
    const { value } = await engine.range({ query, ...range });
    for (const series of value.type === "matrix" ? value.series : []) {
      if (range === week && series.values.length <= STEPS_OF_A_DAY) continue;
      uses.set(labelValue(series.labels, SERVICE_LABEL), { series, range });
    }
  }
  return uses;
}

function rangeTo(nowMs: number, { stepMs, lengthMs }: typeof DAY): StepRange {
  const endMs = Math.floor(nowMs / stepMs) * stepMs;
  return { startMs: endMs - lengthMs, endMs, stepMs };
}
