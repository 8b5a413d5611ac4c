import { AvxError } from "@avx/model";
import { createQueryEngine, type QueryEngineOptions } from "../evaluator/create-query-engine.ts";
import { parseExpr } from "../parser/parse.ts";
import { ALL_EXPERIMENTAL } from "../parser/parse-options.ts";
import type { QueryEngine, QueryResult, QueryValue, VectorSample } from "../query-engine.ts";
import { atVariants, type TimedQuery } from "./at-variants.ts";
import { compareResult, compareVector, type Difference } from "./compare-result.ts";
import { createMemorySeriesReader } from "./memory-series-reader.ts";
import type { EvalCommand, ExpectedText, ScriptCommand } from "./script.ts";
import { createScriptData } from "./script-data.ts";

/** The outcome of one eval; no `difference` means that it passed. */
export interface EvalOutcome {
  readonly command: EvalCommand;
  readonly difference?: string;
}

const MINUTE_MS = 60_000;
/** Calls whose value depends on whether the query is a range query. */
const QUERY_CONTEXT = /(start|end|range|step)\(\)/;

/** Switches of the engine under test. */
export type ScriptOptions = Omit<QueryEngineOptions, "reader">;

/**
 * Runs a script against the engine over a memory reader. As upstream, every instant eval is asked
 * again as the middle of a range query, and at other times with `@` fixing the selectors. Evals that
 * are not `wanted` are passed over.
 */
export async function runScript(
  commands: readonly ScriptCommand[],
  options: ScriptOptions,
  wanted: (command: EvalCommand) => boolean = () => true,
): Promise<readonly EvalOutcome[]> {
  const outcomes: EvalOutcome[] = [];
  let data = createScriptData();
  let engine: QueryEngine | undefined;
  for (const command of commands) {
    if (command.kind === "eval") {
      if (!wanted(command)) continue;
      engine ??= createQueryEngine({
        maxAnnotations: Number.POSITIVE_INFINITY,
        ...options,
        reader: createMemorySeriesReader(data.series()),
      });
      const difference = await runEval(command, engine);
      outcomes.push(difference === undefined ? { command } : { command, difference });
      continue;
    }
    engine = undefined;
    if (command.kind === "clear") data = createScriptData();
    else data.load(command);
  }
  return outcomes;
}

async function runEval(command: EvalCommand, engine: QueryEngine): Promise<Difference> {
  const { query, startMs, endMs, stepMs } = command;
  if (command.isRange) {
    return checked(command, () => engine.range({ query, startMs, endMs, stepMs }));
  }
  const original = { query, timeMs: endMs };
  for (const variant of [original, ...variantsOf(command)]) {
    const difference = await runInstant(command, variant, engine);
    if (difference) return variant === original ? difference : `${text(variant)}: ${difference}`;
  }
  return undefined;
}

function variantsOf({ query, endMs }: EvalCommand): readonly TimedQuery[] {
  try {
    return atVariants(parseExpr(query, ALL_EXPERIMENTAL), endMs);
  } catch {
    return []; // a query that must be refused has no variants
  }
}

function text({ query, timeMs }: TimedQuery): string {
  return `${query} at ${timeMs} ms`;
}

async function runInstant(
  command: EvalCommand,
  variant: TimedQuery,
  engine: QueryEngine,
): Promise<Difference> {
  const { query, timeMs } = variant;
  let value: QueryValue | undefined;
  const difference = await checked(command, async () => {
    const result = await engine.instant({ query, timeMs });
    value = result.value;
    return result;
  });
  if (difference || !value) return difference;
  if (command.ordered || value.type === "matrix" || value.type === "string") return undefined;
  if (QUERY_CONTEXT.test(query)) return undefined;
  const inRange = await runAsRange(command, { variant, type: value.type }, engine);
  return inRange && `as a range query: ${inRange}`;
}

async function runAsRange(
  command: EvalCommand,
  { variant, type }: { readonly variant: TimedQuery; readonly type: "scalar" | "vector" },
  engine: QueryEngine,
): Promise<Difference> {
  const { query, timeMs } = variant;
  const times = { startMs: timeMs - MINUTE_MS, endMs: timeMs + MINUTE_MS, stepMs: MINUTE_MS };
  try {
    const { value } = await engine.range({ query, ...times });
    const samples = samplesAt(value, timeMs);
    if (type === "vector") return compareVector(command, samples);
    const scalar: QueryValue = {
      type,
      timestampMs: timeMs,
      value: samples[0]?.value ?? Number.NaN,
    };
    return compareResult(command, scalar);
  } catch (error) {
    return errorText(error);
  }
}

function samplesAt(value: QueryValue, timeMs: number): readonly VectorSample[] {
  if (value.type !== "matrix") return [];
  return value.series.flatMap(({ labels, timestampsMs, values, histograms }) => {
    const at = timestampsMs.indexOf(timeMs);
    if (at < 0) return [];
    const histogram = histograms?.[at];
    const sample = { labels, timestampMs: timeMs, value: values[at]! };
    return [histogram ? { ...sample, histogram } : sample];
  });
}

async function checked(command: EvalCommand, ask: () => Promise<QueryResult>): Promise<Difference> {
  let result: QueryResult;
  try {
    result = await ask();
  } catch (error) {
    if (!command.fail) return errorText(error);
    if (!(error instanceof AvxError)) return errorText(error);
    return meets(command.fail, error.message)
      ? undefined
      : `expected the error ${expectedText(command.fail)}, got ${error.message}`;
  }
  if (command.fail) return "expected an error, got a result";
  return (
    compareAnnotations("warning", command.warnings, result.warnings) ??
    compareAnnotations("info", command.infos, result.infos) ??
    unwanted(command, result) ??
    compareResult(command, result.value)
  );
}

function errorText(error: unknown): string {
  if (error instanceof AvxError) return `error: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Each expected annotation must occur; when any is expected, no other may. */
function compareAnnotations(
  kind: string,
  expected: readonly ExpectedText[],
  actual: readonly string[],
): Difference {
  if (expected.length === 0) return undefined;
  const list = actual.length === 0 ? "none" : actual.join(" | ");
  const absent = expected.find((one) => !actual.some((annotation) => meets(one, annotation)));
  if (absent) return `expected the ${kind} ${expectedText(absent)}, got ${list}`;
  const surplus = actual.find((annotation) => !expected.some((one) => meets(one, annotation)));
  return surplus && `unexpected ${kind} ${surplus}`;
}

function unwanted(command: EvalCommand, { warnings, infos }: QueryResult): Difference {
  if (command.noWarnings && warnings.length > 0)
    return `unexpected warning ${warnings.join(" | ")}`;
  if (command.noInfos && infos.length > 0) return `unexpected info ${infos.join(" | ")}`;
  return undefined;
}

function meets({ message, pattern }: ExpectedText, actual: string): boolean {
  if (message !== undefined) return message === actual;
  return pattern === undefined || pattern.test(actual);
}

function expectedText({ message, pattern }: ExpectedText): string {
  return message ?? String(pattern ?? "any");
}
