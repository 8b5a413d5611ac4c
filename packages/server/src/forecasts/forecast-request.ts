import { FORECASTER_NAMES, type ForecasterName } from "@avx/analysis";
import { invalid, timeParameterMs } from "../api/parameters.ts";
import type { ForecastBody } from "../contract.ts";

/** A checked request for a forecast of an expression. */
export interface ForecastRequest {
  readonly query: string;
  readonly steps: number;
  readonly stepMs: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly level: number;
  readonly model: "auto" | "fast" | ForecasterName;
  readonly seasonSamples?: readonly number[];
}

/** A day of minutes. */
const MAX_STEPS = 1440;
const MIN_STEP_MS = 1000;
const MAX_STEP_MS = 86_400_000;
const DEFAULT_STEP_MS = 60_000;
const DEFAULT_STEPS = 30;
const DEFAULT_HISTORY_STEPS = 720;
/** As the points of a range query; models use the newest 4,500 of them. */
const MAX_HISTORY_STEPS = 11_000;
const DEFAULT_LEVEL = 0.95;
/** Models know two seasons. */
const MAX_SEASONS = 2;
const MODELS = ["auto", "fast", ...FORECASTER_NAMES] as const;

const FIELDS: Readonly<Record<keyof ForecastBody, true>> = {
  query: true,
  horizonMs: true,
  steps: true,
  stepMs: true,
  start: true,
  end: true,
  level: true,
  model: true,
  seasonSamples: true,
};

/** Checks the body of `POST /api/avx/forecast`. Throws AvxError `bad_query` that names the field. */
export function parseForecastRequest(body: unknown, nowMs: number): ForecastRequest {
  const fields = fieldsOf(body);
  const { query } = fields;
  if (typeof query !== "string" || query === "") throw invalid("query", "no expression given");
  const stepMs = whole(fields, "stepMs", [MIN_STEP_MS, MAX_STEP_MS]) ?? DEFAULT_STEP_MS;
  const endMs = Math.floor((time(fields, "end") ?? nowMs) / stepMs) * stepMs;
  const askedMs = time(fields, "start") ?? endMs - DEFAULT_HISTORY_STEPS * stepMs;
  const historySteps = Math.floor((endMs - askedMs) / stepMs);
  if (historySteps < 0) throw invalid("start", "the history must not end before it starts");
  if (historySteps > MAX_HISTORY_STEPS) {
    const reason = `the history has ${historySteps} steps, the limit is ${MAX_HISTORY_STEPS}; widen stepMs`;
    throw invalid("start", reason);
  }
  return {
    query,
    stepMs,
    endMs,
    startMs: endMs - historySteps * stepMs,
    steps: stepsOf(fields, stepMs),
    level: levelOf(fields),
    model: modelOf(fields),
    ...seasonsOf(fields),
  };
}

type Fields = Readonly<Partial<Record<keyof ForecastBody, unknown>>>;

function fieldsOf(body: unknown): Fields {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw invalid("body", "must be a JSON object");
  }
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(FIELDS, name));
  if (unknown !== undefined) {
    throw invalid(unknown, `unknown; there are ${Object.keys(FIELDS).join(", ")}`);
  }
  return body;
}

function stepsOf(fields: Fields, stepMs: number): number {
  const steps = whole(fields, "steps", [1, MAX_STEPS]);
  const horizonMs = whole(fields, "horizonMs", [1, MAX_STEPS * stepMs]);
  if (steps !== undefined && horizonMs !== undefined) {
    throw invalid("horizonMs", "give horizonMs or steps, not both");
  }
  if (horizonMs !== undefined) return Math.ceil(horizonMs / stepMs);
  return steps ?? DEFAULT_STEPS;
}

function levelOf({ level = DEFAULT_LEVEL }: Fields): number {
  if (typeof level === "number" && level > 0 && level < 1) return level;
  throw invalid("level", `${JSON.stringify(level)} is not a number between 0 and 1`);
}

function modelOf({ model = "auto" }: Fields): ForecastRequest["model"] {
  const found = MODELS.find((name) => name === model);
  if (found !== undefined) return found;
  throw invalid("model", `${JSON.stringify(model)} is not one of ${MODELS.join(", ")}`);
}

function seasonsOf({ seasonSamples }: Fields): Pick<ForecastRequest, "seasonSamples"> {
  if (seasonSamples === undefined) return {};
  const isSeason = (value: unknown): value is number =>
    typeof value === "number" &&
    Number.isInteger(value) &&
    value >= 2 &&
    value <= MAX_HISTORY_STEPS;
  if (
    !Array.isArray(seasonSamples) ||
    seasonSamples.length > MAX_SEASONS ||
    !seasonSamples.every(isSeason)
  ) {
    const reason = `must be at most ${MAX_SEASONS} whole numbers from 2 to ${MAX_HISTORY_STEPS}`;
    throw invalid("seasonSamples", reason);
  }
  return { seasonSamples: seasonSamples.toSorted((a, b) => a - b) };
}

function whole(
  fields: Fields,
  name: "steps" | "stepMs" | "horizonMs",
  [min, max]: readonly [min: number, max: number],
): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
    return value;
  }
  throw invalid(name, `${JSON.stringify(value)} is not a whole number from ${min} to ${max}`);
}

function time(fields: Fields, name: "start" | "end"): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" && typeof value !== "string") {
    throw invalid(name, "must be Unix seconds or RFC 3339");
  }
  return timeParameterMs(new URLSearchParams({ [name]: String(value) }), name);
}
