/**
 * Runs the judges of PromQL conformance against our server and prints their counts as one JSON line:
 * Prometheus' own test language by class, its parser cases, and the compliance queries beside an
 * installed Prometheus. Start timestamps cannot be sent by the remote write that the judge speaks:
 * their class runs in the tests of the package. The judges and their data lie in a folder that is
 * not part of the repository. One eval of native_histograms.test expects a histogram with custom
 * buckets and no bounds, which the judge itself cannot read; on a busy machine others may time out.
 * Usage: node bench/promql-conformance.ts [--judges DIR, default ../shared beside the checkout]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isInstalled } from "./rival-servers.ts";
import { startServer } from "./server-process.ts";

const AVX = join(import.meta.dirname, "../packages/avx-telemetry/bin/avx.js");
/** How the judges start our server, each time anew. */
const SERVE = [
  ...[process.execPath, AVX, "serve", "--listen", "127.0.0.1:{port}", "--data-dir", "{dir}"],
  ...["--store", "memory", "--retention", "off", "--accept-timestamps", "any"],
  ...["--otlp-listen", "off", "--otlp-grpc-listen", "off", "--query-workers", "1"],
].join(" ");
const EXPERIMENTAL = "--enable-experimental-functions";

/** Runs a judge; its exit status says only whether everything passed. */
async function output(script: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await once(child, "close");
  return text;
}

/** What a judge prints on its last line. */
async function lastLine(script: string, args: readonly string[]): Promise<unknown> {
  const text = await output(script, args);
  return JSON.parse(text.trim().split("\n").at(-1) ?? "");
}

/** What a judge writes with `--json`. */
async function written(script: string, args: readonly string[]): Promise<Report> {
  const directory = mkdtempSync(join(tmpdir(), "avx-judge-"));
  const file = join(directory, "report.json");
  await output(script, [...args, "--quiet", "--json", file]);
  const report: Report = JSON.parse(readFileSync(file, "utf8"));
  rmSync(directory, { recursive: true });
  return report;
}

/** The part of a judge's report that is kept. */
interface Report {
  readonly summary: Readonly<Record<string, unknown>>;
  readonly byClass: Readonly<Record<string, { readonly run: number; readonly ok: number }>>;
}

/** Passed of run, by class, and what was checked beside the values. */
function counts({ summary, byClass }: Report): object {
  const { expectFailMessages, annotations, rangeMode } = summary;
  const ofClasses = Object.entries(byClass)
    .filter(([, { run }]) => run > 0)
    .map(([name, { run, ok }]) => [name, `${ok} of ${run}`]);
  return { ...Object.fromEntries(ofClasses), expectFailMessages, annotations, rangeMode };
}

async function judgeAll(judges: string): Promise<object> {
  const at = (name: string): string => join(judges, name);
  const suite = async (classes: string, server: string) => {
    const checks = ["--range-check", "--annotations", "--messages", "--timeout", "60000"];
    const args = ["--server", server, "--classes", classes, ...checks, at("data/promqltest")];
    return counts(await written(at("run-promqltest.mjs"), args));
  };
  const parser = await startServer(["--store", "memory", EXPERIMENTAL]);
  const cases = [parser.url, at("data/promql-parse.json"), "--experimental", "--messages"];
  const parse = await lastLine(at("run-promql-parse.mjs"), cases).finally(() => parser.stop());
  const queries = ["--queries", at("data/promql-compliance-queries.yml"), "--target", SERVE];
  return {
    stable: await suite("core,type-unit", SERVE),
    experimental: await suite("core,experimental,native,type-unit", `${SERVE} ${EXPERIMENTAL}`),
    parse,
    compliance: isInstalled("prometheus")
      ? await lastLine(at("run-promql-compliance.mjs"), queries)
      : "Prometheus is not installed",
  };
}

const { values } = parseArgs({ options: { judges: { type: "string" } } });
const judges = resolve(values.judges ?? join(import.meta.dirname, "../../shared"));
const figures = existsSync(join(judges, "run-promqltest.mjs"))
  ? await judgeAll(judges)
  : { skipped: `no judges in ${judges}; --judges names their folder` };
process.stdout.write(`${JSON.stringify(figures)}\n`);
