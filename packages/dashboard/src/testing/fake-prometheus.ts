import { type FakeService, type FakeSignals, signalsAt, unitNoise } from "./fake-mesh.ts";

interface Series {
  readonly metric: Record<string, string>;
  readonly at: (timestampMs: number) => number | null;
}

interface Mesh {
  readonly services: readonly FakeService[];
  readonly startedMs: number;
}

/** Answers the range queries that the dashboard asks, as Prometheus would. */
export function fakeRange(mesh: Mesh, parameters: URLSearchParams): unknown {
  const startMs = Number(parameters.get("start")) * 1000;
  const endMs = Number(parameters.get("end")) * 1000;
  const stepMs = Number(parameters.get("step")) * 1000;
  const result = seriesOf(mesh, parameters.get("query") ?? "").map(({ metric, at }) => {
    const values: [number, string][] = [];
    for (let timeMs = startMs; timeMs <= endMs; timeMs += stepMs) {
      const value = at(timeMs);
      if (value !== null) values.push([timeMs / 1000, String(value)]);
    }
    return { metric, values };
  });
  const read = result.reduce((sum, { values }) => sum + values.length, 0);
  // As the real server's: only where they are asked for.
  const stats = parameters.has("stats") ? { stats: fakeStats(result.length, read) } : {};
  return { status: "success", data: { resultType: "matrix", result, ...stats } };
}

function fakeStats(seriesFetched: number, samplesRead: number): unknown {
  const timings = { evalTotalTime: 0.0125, execTotalTime: 0.0125 };
  return { timings, samples: { samplesRead }, seriesFetched };
}

/** Answers the instant queries that the dashboard asks. */
export function fakeInstant(mesh: Mesh, parameters: URLSearchParams): unknown {
  const timeMs = Number(parameters.get("time")) * 1000;
  const result = seriesOf(mesh, parameters.get("query") ?? "").flatMap(({ metric, at }) => {
    const value = at(timeMs);
    return value === null ? [] : [{ metric, value: [timeMs / 1000, String(value)] }];
  });
  return { status: "success", data: { resultType: "vector", result } };
}

function seriesOf(mesh: Mesh, query: string): Series[] {
  const named = /service_name=("(?:[^"\\]|\\.)*")/.exec(query)?.[1];
  const name: unknown = named === undefined ? undefined : JSON.parse(named);
  const services = mesh.services.filter((service) => name === undefined || service.name === name);
  const pick = pickerOf(query);
  if (query.includes("http_route")) return services.flatMap((one) => routeSeries(mesh, one, pick));
  return services.map((one) => ({
    metric: { service_name: one.name },
    at: (timestampMs) => {
      const signals = signalsAt(one, timestampMs, mesh.startedMs);
      return signals && pick(signals);
    },
  }));
}

type Picker = (signals: FakeSignals) => number;

function pickerOf(query: string): Picker {
  if (query.includes("eventloop")) return ({ saturation }) => saturation;
  if (query.includes("or 0 *")) return ({ errorRatio }) => errorRatio;
  const quantile = /histogram_quantile\(([\d.]+)/.exec(query)?.[1];
  if (quantile === "0.5") return ({ p50 }) => p50;
  if (quantile === "0.95") return ({ p95 }) => p95;
  if (quantile === "0.99") return ({ p99 }) => p99;
  return ({ rate }) => rate;
}

const ROUTES = [
  "GET /items",
  "GET /items/:id",
  "POST /orders",
  "DELETE /orders/:id",
  "GET /health",
];

function routeSeries(mesh: Mesh, one: FakeService, pick: Picker): Series[] {
  return ROUTES.map((text) => {
    const [method = "", route = ""] = text.split(" ");
    const share = 0.2 + 0.15 * unitNoise(one.name + text);
    return {
      metric: { http_request_method: method, http_route: route },
      at: (timestampMs) => {
        const signals = signalsAt(one, timestampMs, mesh.startedMs);
        return signals && pick({ ...signals, rate: signals.rate * share });
      },
    };
  });
}
