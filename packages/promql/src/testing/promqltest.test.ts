import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { classifyEvals, type EvalClass } from "./classify.ts";
import { parseScript } from "./parse-script.ts";
import { runScript, type ScriptOptions } from "./run-script.ts";

const OWN_CASES = join(import.meta.dirname, "cases");
/** Prometheus' own suite (promql/promqltest/testdata of tag 3.14), laid beside the checkout. */
const SUITE =
  process.env["AVX_PROMQLTEST_DIR"] ??
  resolve(import.meta.dirname, "../../../../../shared/data/promqltest");
/** Whole files take a second; the machine may be busy. */
const TIMEOUT_MS = 60_000;

/** As upstream runs its suite: everything experimental on, names dropped at the end. */
const UPSTREAM: ScriptOptions = { experimentalFunctions: true, enableDelayedNameRemoval: true };

/** Classes that must give the same values when names are dropped at once (the default). */
const DEFAULT_CLASSES: ReadonlySet<EvalClass> = new Set(["core"]);

function scriptFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter((name) => name.endsWith(".test"));
}

async function failures(path: string, options: ScriptOptions, classes?: ReadonlySet<EvalClass>) {
  const commands = parseScript(readFileSync(path, "utf8"));
  const classOf = classifyEvals(commands, path.split("/").at(-1) ?? "");
  const outcomes = await runScript(
    commands,
    options,
    (command) => classes === undefined || classes.has(classOf.get(command) ?? "core"),
  );
  return outcomes
    .filter(({ difference }) => difference !== undefined)
    .map(({ command, difference }) => `line ${command.line}: ${command.query}: ${difference}`);
}

describe("own scripts in Prometheus' test language", () => {
  it.each(scriptFiles(OWN_CASES))("%s", { timeout: TIMEOUT_MS }, async (name) => {
    expect(await failures(join(OWN_CASES, name), UPSTREAM)).toEqual([]);
  });
});

const suite = scriptFiles(SUITE);
const title =
  suite.length > 0
    ? "Prometheus' suite"
    : `Prometheus' suite: copy promql/promqltest/testdata of Prometheus 3.14 to ${SUITE}`;

describe.skipIf(suite.length === 0)(title, () => {
  it.each(suite)("%s, as upstream runs it", { timeout: TIMEOUT_MS }, async (name) => {
    expect(await failures(join(SUITE, name), UPSTREAM)).toEqual([]);
  });

  it.each(suite)("%s, core evals, names dropped at once", { timeout: TIMEOUT_MS }, async (name) => {
    const options = { experimentalFunctions: true };
    const failed = await failures(join(SUITE, name), options, DEFAULT_CLASSES);
    // With names already dropped, a remark cannot name the metric; upstream expects the name.
    expect(failed.filter((one) => !one.includes("for metric name"))).toEqual([]);
  });
});
