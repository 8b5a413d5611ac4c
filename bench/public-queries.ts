/**
 * Takes all PromQL of dashboards and rules below a folder, parses each expression and asks a server
 * for it as a range query; where Prometheus is installed, its answer to each is compared too. Prints
 * one JSON line; lists on standard error what is refused, by which reason and in which file.
 * Usage: node bench/public-queries.ts [--data DIR, else PUBLIC_QUERIES_DIR of the environment]
 */
import { parseArgs } from "node:util";
import { parseExpr } from "@avx/promql";
import { extractExpressions, type FoundExpression } from "./public-queries/extract-expressions.ts";
import { substitute } from "./public-queries/grafana-variables.ts";
import { isInstalled, startPrometheus } from "./rival-servers.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

/** What an unknown variable may stand for outside of quotes and brackets. */
const BARE_VALUES = ["1", "x", "5m", "sum", "le"];

interface Judged {
  readonly query: string;
  readonly file: string;
  /** Why it is refused; "" = it is accepted. */
  readonly reason: string;
}

/** The expression as Grafana would send it, or the reason why no value of its variables makes one. */
function asSent({ text, variables }: FoundExpression): { query: string; reason: string } {
  let refused: { query: string; reason: string } | undefined;
  for (const bare of BARE_VALUES) {
    const query = substitute(text, variables, bare);
    try {
      parseExpr(query);
      return { query, reason: "" };
    } catch (error) {
      refused ??= { query, reason: error instanceof Error ? error.message : String(error) };
    }
  }
  return refused ?? { query: text, reason: "" };
}

async function ask(url: string, query: string): Promise<string> {
  const end = Math.floor(Date.now() / 1000);
  const range = { start: `${end - 3600}`, end: `${end}`, step: "60" };
  const body = new URLSearchParams({ query, ...range });
  const reply = await fetch(`${url}/api/v1/query_range`, { method: "POST", body });
  const text = await reply.text();
  return reply.ok ? "" : `${reply.status} ${text.slice(0, 300)}`;
}

/** Distinct expressions as they are sent. */
function distinct(expressions: readonly FoundExpression[]): Judged[] {
  const byQuery = new Map<string, Judged>();
  for (const found of expressions) {
    const { query, reason } = asSent(found);
    if (query.trim() !== "") byQuery.set(query, { query, file: found.file, reason });
  }
  return [...byQuery.values()];
}

/** The reasons without what they quote and where, and how often each occurs. */
function kinds(judged: readonly Judged[]): { reason: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of judged) {
    const kind = reason
      .replace(/^\d+:\d+: parse error: /, "")
      .replace(/"[^"]*"|`[^`]*`|'[^']*'/g, "…")
      .replace(/U\+\w+/, "…")
      .replace(/, got \d+/, "");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || (a.reason < b.reason ? -1 : 1));
}

async function judge(directory: string): Promise<object> {
  const { expressions, files, unreadable } = extractExpressions(directory);
  const queries = distinct(expressions);
  const refused = queries.filter(({ reason }) => reason !== "");
  const failed: Judged[] = [];
  const differing: Judged[] = [];
  const server = await startServer(["--store", "memory"]);
  let rival: ServerProcess | undefined;
  try {
    rival = isInstalled("prometheus") ? await startPrometheus() : undefined;
    for (const one of queries) {
      const answer = one.reason === "" ? await ask(server.url, one.query) : "";
      if (answer !== "") failed.push({ ...one, reason: answer });
      if (rival === undefined) continue;
      const theirs = await ask(rival.url, one.query);
      const isAccepted = one.reason === "" && answer === "";
      if ((theirs === "") === isAccepted) continue;
      differing.push({ ...one, reason: isAccepted ? `there: ${theirs}` : "accepted there" });
    }
  } finally {
    await Promise.all([server.stop(), rival?.stop()]);
  }
  for (const { query, file, reason } of [...refused, ...failed, ...differing]) {
    process.stderr.write(`${file.slice(directory.length + 1)}\n  ${query}\n  ${reason}\n`);
  }
  return {
    ...{ files, unreadable, found: expressions.length, distinct: queries.length },
    accepted: queries.length - refused.length - failed.length,
    ...{ refused: refused.length, failed: failed.length },
    otherThanPrometheus: rival === undefined ? "not compared" : differing.length,
    refusedFor: kinds(refused),
  };
}

const { values } = parseArgs({ options: { data: { type: "string" } } });
const directory = values.data ?? process.env["PUBLIC_QUERIES_DIR"];
const figures =
  directory === undefined
    ? { skipped: "no --data DIR with Grafana dashboards and rule files" }
    : await judge(directory);
process.stdout.write(`${JSON.stringify(figures)}\n`);
