/**
 * Where the time of an automatic forecast goes: a CPU profile of forecasts of four shapes of series,
 * each sample of it given to the innermost member or stage on the stack. Prints one JSON line.
 */
import { type Profiler, type Runtime, Session } from "node:inspector/promises";
import { autoForecast, createRandom, evenlySpaced } from "@avx/analysis";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Finer than the default of 1 ms: a forecast of a short series takes a few. */
const SAMPLING_MICROSECONDS = 200;
/** A part of less than this share is not worth a row. */
const MIN_SHARE = 0.01;

interface Shape {
  readonly samples: number;
  readonly stepMs: number;
  readonly season: number;
  readonly horizon: number;
  readonly series: number;
}

const SHAPES: Readonly<Record<string, Shape>> = {
  "hours, n 1000": { samples: 1000, stepMs: HOUR_MS, season: 24, horizon: 24, series: 60 },
  "5 minutes, n 2016": {
    samples: 2016,
    stepMs: 5 * MINUTE_MS,
    season: 288,
    horizon: 288,
    series: 40,
  },
  "weeks, n 500": { samples: 500, stepMs: 7 * DAY_MS, season: 52, horizon: 13, series: 40 },
  "months, n 110": { samples: 110, stepMs: 30.44 * DAY_MS, season: 12, horizon: 18, series: 40 },
};

/** Files under forecasting/ that are a member or a stage; what they call counts as theirs. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/lag-regression|regression\//, "lag regression"],
  [/stl-deseasonalised|decomposition\/(stl|mstl|loess|moving|robust)/, "STL"],
  [/arima/, "ARIMA"],
  [/auto-ets/, "automatic ETS"],
  [/theta\//, "Theta, its kin and their trend lines"],
  [/complex-exponential/, "complex smoothing"],
  [/gentle-trend|steady-trend|(simple|double)-exponential/, "SES, Holt and other trends"],
  [/level-shape/, "level times shape"],
  [/seasonal-median|select-median/, "medians of seasons"],
  [/temporal-aggregation/, "aggregation"],
  [/classical|season-test/, "classical season and its test"],
  [/log-transformed/, "logarithms"],
  [/season-lengths/, "finding seasons"],
  [
    /conformal|backtest|combin|rolling-origin|forecastability|guard-rails|regular-grid/,
    "backtest, weights, intervals",
  ],
];

function load(shape: Shape, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: shape.samples }, (_, i) => {
    const swing = 30 * Math.sin((2 * Math.PI * i) / shape.season);
    return 200 + swing + 0.1 * i + 8 * random.normal();
  });
}

/** What the process does outside the forecasts. */
const OUTSIDE = new Set(["(idle)", "(program)"]);
const COLLECTION = "garbage collection";

function partOf({ url, functionName }: Runtime.CallFrame): string | undefined {
  if (functionName === "(garbage collector)") return COLLECTION;
  const path = url.split("/forecasting/")[1];
  if (path === undefined) return undefined;
  return PARTS.find(([pattern]) => pattern.test(path))?.[1];
}

/** Milliseconds by part, from the self time of each node of the call tree. */
function timeByPart({
  nodes,
  samples = [],
  timeDeltas = [],
}: Profiler.Profile): Map<string, number> {
  const parents = new Map(
    nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
  );
  const own = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  const partAt = (id: number | undefined): string => {
    if (id === undefined) return "other";
    return own.get(id) ?? partAt(parents.get(id));
  };
  const times = new Map<string, number>();
  const outside = new Set(
    nodes.filter(({ callFrame }) => OUTSIDE.has(callFrame.functionName)).map(({ id }) => id),
  );
  for (const [i, node] of samples.entries()) {
    if (outside.has(node)) continue;
    const part = partAt(node);
    times.set(part, (times.get(part) ?? 0) + (timeDeltas[i] ?? 0) / 1000);
  }
  return times;
}

async function profileOf(session: Session, shape: Shape): Promise<Map<string, number>> {
  const all = Array.from({ length: shape.series }, (_, seed) => load(shape, seed));
  const forecastAll = (): void => {
    for (const values of all) {
      autoForecast(evenlySpaced(values, { stepMs: shape.stepMs }), { horizon: shape.horizon });
    }
  };
  forecastAll(); // Compiles.
  await session.post("Profiler.start");
  forecastAll();
  const { profile } = await session.post("Profiler.stop");
  return timeByPart(profile);
}

const session = new Session();
session.connect();
await session.post("Profiler.enable");
await session.post("Profiler.setSamplingInterval", { interval: SAMPLING_MICROSECONDS });
const columns = new Map<string, Map<string, number>>();
for (const [name, shape] of Object.entries(SHAPES))
  columns.set(name, await profileOf(session, shape));
session.disconnect();

const parts = [...new Set(PARTS.map(([, part]) => part)), COLLECTION, "other"];
const shareOf = (name: string, part: string): number => {
  const times = columns.get(name) ?? new Map<string, number>();
  const total = [...times.values()].reduce((sum, time) => sum + time, 0);
  return (times.get(part) ?? 0) / total;
};
const names = Object.keys(SHAPES);
const rows = parts
  .map((part) => ({ part, shares: names.map((name) => shareOf(name, part)) }))
  .filter(({ shares }) => shares.some((share) => share >= MIN_SHARE))
  .sort((a, b) => Math.max(...b.shares) - Math.max(...a.shares))
  .map(({ part, shares }) => ({
    part,
    ...Object.fromEntries(
      names.map((name, i) => [name, `${(100 * (shares[i] ?? 0)).toFixed(0)} %`]),
    ),
  }));
console.log(
  JSON.stringify({ "sampling, microseconds": SAMPLING_MICROSECONDS, "share of CPU": rows }),
);
