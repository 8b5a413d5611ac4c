import type {
  AnomaliesAnswer,
  AnomalyEvent,
  AnomalyExplanation,
  ForecastAnswer,
  QualityAnswer,
  QualityChart,
  ServiceSummary,
  ServicesAnswer,
} from "@avx/server/contract";
import { type FakeService, INCIDENT_AGE_MS, signalsAt, unitNoise } from "./fake-mesh.ts";

/** The services that the fake server speaks of, and since when. */
export interface FakeWorld {
  readonly services: readonly FakeService[];
  readonly startedMs: number;
  readonly nowMs: number;
}

const SPARK_POINTS = 60;
const STATUS_ORDER: readonly ServiceSummary["status"][] = ["failing", "degraded", "stale", "ok"];

/** `/api/avx/services`. */
export function fakeServices(world: FakeWorld, startMs: number, endMs: number): ServicesAnswer {
  const services = world.services.map((service): ServiceSummary => {
    const { name } = service;
    const now = signalsAt(service, endMs, world.startedMs);
    const status =
      now === null
        ? "stale"
        : now.errorRatio > 0.05
          ? "failing"
          : service.fault === "slow"
            ? "degraded"
            : "ok";
    return {
      service: name,
      status,
      requestsPerSecond: now?.rate ?? null,
      errorRatio: now?.errorRatio ?? null,
      p50Seconds: now?.p50 ?? null,
      p95Seconds: now?.p95 ?? null,
      p99Seconds: now?.p99 ?? null,
      rateSparkline: Array.from({ length: SPARK_POINTS }, (_, i) => {
        const timestampMs = startMs + ((endMs - startMs) * i) / (SPARK_POINTS - 1);
        return signalsAt(service, timestampMs, world.startedMs)?.rate ?? null;
      }),
      lastSeenMs: now === null ? world.startedMs - INCIDENT_AGE_MS : endMs,
      openAnomalies: service.fault === "slow" || service.fault === "errors" ? 1 : 0,
    };
  });
  services.sort((a, b) => STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status));
  return { nowMs: world.nowMs, services };
}

/** `/api/avx/anomalies`: an open one of each fault, and short ones before. */
export function fakeAnomalies(
  world: FakeWorld,
  serviceName: string | null,
  range: { readonly startMs: number; readonly endMs: number },
): AnomaliesAnswer {
  const beganMs = world.startedMs - INCIDENT_AGE_MS;
  const anomalies: AnomalyEvent[] = [];
  for (const service of world.services) {
    if (serviceName !== null && serviceName !== service.name) continue;
    if (service.fault === "slow" || service.fault === "errors")
      anomalies.push({ ...finding(world, service, beganMs), endMs: null });
    if (service.fault === "slow") {
      anomalies.push(finding(world, service, beganMs - 1_500_000));
      anomalies.push({
        ...finding(world, service, beganMs - 700_000),
        signal: "traffic",
        unit: "1/s",
        value: 1012,
        peakValue: 1012,
        expectedUpper: 890,
      });
    }
  }
  const inRange = anomalies.filter(
    ({ timestampMs }) => timestampMs >= range.startMs && timestampMs <= range.endMs,
  );
  return {
    anomalies: inRange
      .sort((a, b) => b.timestampMs - a.timestampMs)
      .map((event) => ({ ...event, explanation: explanationOf(event, world), feedback: null })),
    verdicts: { useful: 3, expected: 1 },
  };
}

function explanationOf(event: AnomalyEvent, { startedMs }: FakeWorld): AnomalyExplanation {
  const deployMs = startedMs - INCIDENT_AGE_MS - 60_000;
  const isAfter = event.timestampMs >= deployMs;
  const deploy = { id: "deploy 1", kind: "deploy", service: "", title: "3f2c" } as const;
  return {
    changes: isAfter ? [{ ...deploy, timestampMs: deployMs }] : [],
    related: [],
    similarCount: 1,
    similarLastMs: event.timestampMs - 1_500_000,
  };
}

function finding(world: FakeWorld, service: FakeService, timestampMs: number): AnomalyEvent {
  const signals = signalsAt(service, timestampMs, world.startedMs);
  const isSlow = service.fault === "slow";
  const usual = isSlow ? service.p50Seconds * 2.1 : 0.002;
  return {
    id: `${service.name} ${timestampMs} ${isSlow}`,
    service: service.name,
    signal: isSlow ? "latency" : "errors",
    timestampMs,
    metric: "",
    endMs: timestampMs,
    value: (isSlow ? signals?.p95 : signals?.errorRatio) ?? 0,
    peakValue: (isSlow ? signals?.p95 : signals?.errorRatio) ?? 0,
    reason: "shift-up",
    unit: isSlow ? "s" : "ratio",
    expectedLower: 0,
    expectedUpper: usual * 1.5,
    detector: "Streaming",
    score: 0.8 + 0.15 * unitNoise(`score ${timestampMs}`),
    threshold: 0.75,
  };
}

/** `/api/avx/quality`: one signal whole, one with gaps. */
export function fakeQuality(): QualityAnswer {
  const whole = { accuracy: 1, completeness: 1, consistency: 1, validity: 1, overall: 1 };
  const state = { metric: "", meetsStandard: true, timelinessMs: 4000, problems: [], chart: null };
  const gaps = [{ dimension: "completeness", amount: 0.1 }] as const;
  const indices = Array.from({ length: 60 }, (_, i) => i);
  const lastMs = Math.floor(Date.now() / 15_000) * 15_000;
  const chart: QualityChart = {
    ...{ center: 0.05, sigma: 0.005, beyondSixSigma: 0 },
    threeSigma: { lower: 0.035, upper: 0.065 },
    sixSigma: { lower: 0.02, upper: 0.08 },
    timestampsMs: indices.map((i) => lastMs - (59 - i) * 15_000),
    values: indices.map((i) => (i === 50 ? 0.071 : 0.05 + 0.004 * unitNoise(`quality ${i}`))),
    violations: [{ rule: 1, side: "above", timestampMs: lastMs - 9 * 15_000, value: 0.071 }],
  };
  return {
    spanMs: 900_000,
    heldPages: 2,
    signals: [
      { signal: "latency", ...whole, ...state, chart },
      { signal: "traffic", ...whole, ...state, completeness: 0.9, overall: 0.975, problems: gaps },
    ],
  };
}

/** `/api/avx/forecast`; services that are silent or rare have too little history. */
export function fakeForecast(world: FakeWorld, parameters: URLSearchParams): ForecastAnswer {
  const service = world.services.find(({ name }) => name === parameters.get("service"));
  const steps = Number(parameters.get("steps"));
  const stepMs = Number(parameters.get("stepMs"));
  if (!service || service.requestsPerSecond < 10)
    return { kind: "insufficient-history", haveSamples: 17, neededSamples: 40 };
  const firstMs = Math.floor(world.nowMs / stepMs) * stepMs + stepMs;
  const timestampsMs = Array.from({ length: steps }, (_, i) => firstMs + i * stepMs);
  const mean = timestampsMs.map((t) => signalsAt(service, t, world.startedMs)?.rate ?? 0);
  const half = (i: number): number =>
    service.requestsPerSecond * (0.06 + 0.1 * Math.sqrt(i / steps));
  return {
    kind: "forecast",
    model: "ARIMA(1,1,1)",
    level: 0.95,
    timestampsMs,
    mean,
    lower: mean.map((value, i) => Math.max(0, value - half(i))),
    upper: mean.map((value, i) => value + half(i)),
  };
}
