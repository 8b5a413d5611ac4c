/**
 * `npm run bench`: runs every claim in bench/ that needs no data from outside, or those named on the
 * command line, appends each result line to bench/results/NAME.jsonl and writes bench/RESULTS.md anew.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { type ResultLine, resultsPage } from "./results-page.ts";

const RESULTS = join(import.meta.dirname, "results");
/** Not claims: this runner, the page, and judges that want a folder of data. */
const NOT_CLAIMS = new Set([
  "process-usage.ts",
  "server-process.ts",
  "mesh-writer.ts",
  "otlp-load.ts",
  "promql-conformance.ts",
  "public-queries.ts",
  "query-rivals.ts",
  "rival-servers.ts",
  "sample-columns.ts",
  "span-requests.ts",
  // Half an hour.
  "soak.ts",
  "soak-memory.ts",
  "run.ts",
  "results-page.ts",
  "results-page.test.ts",
  "forecast.ts",
  "anomaly.ts",
  "anomaly-claim.ts",
  "anomaly-series.ts",
  "anomaly-variants.ts",
]);

function claims(named: readonly string[]): string[] {
  if (named.length > 0) return named.map((name) => `${name}.ts`);
  return readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !NOT_CLAIMS.has(name),
  );
}

/** A claim prints one JSON object on its last line. */
function measure(file: string): ResultLine | undefined {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, file)], { encoding: "utf8" });
  const last = run.stdout.trim().split("\n").at(-1) ?? "";
  if (run.status !== 0 || !last.startsWith("{")) {
    console.error(`${file} failed:\n${run.stdout}${run.stderr}`);
    process.exitCode = 1;
    return undefined;
  }
  const figures = JSON.parse(last);
  if (typeof figures.skipped === "string") {
    console.log(`skipped: ${figures.skipped}`);
    return undefined;
  }
  return {
    claim: file.replace(/\.ts$/, ""),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    figures,
  };
}

mkdirSync(RESULTS, { recursive: true });
for (const file of process.argv.includes("--page") ? [] : claims(process.argv.slice(2))) {
  console.log(`measuring ${file} ...`);
  const line = measure(file);
  if (line === undefined) continue;
  console.log(JSON.stringify(line.figures));
  appendFileSync(join(RESULTS, `${line.claim}.jsonl`), `${JSON.stringify(line)}\n`);
}
const newest = readdirSync(RESULTS)
  .filter((name) => name.endsWith(".jsonl"))
  .sort()
  .map(
    (name): ResultLine =>
      JSON.parse(readFileSync(join(RESULTS, name), "utf8").trim().split("\n").at(-1) ?? ""),
  );
writeFileSync(join(import.meta.dirname, "RESULTS.md"), resultsPage(newest));
