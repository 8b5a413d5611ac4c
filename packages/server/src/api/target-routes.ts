import { type Labels, labelsToRecord, labelValue, type Matcher } from "@avx/model";
import { compileMatcher, formatDuration, parseSelector } from "@avx/promql";
import type { FastifyInstance } from "fastify";
import { errorReply } from "../error-status.ts";
import type { ScrapePool } from "../scrape/scrape-pool.ts";
import type { ScrapeTarget } from "../scrape/scrape-target.ts";
import type { Scraping } from "../scrape/scraping.ts";
import { badData, requestParameters } from "./parameters.ts";

/** What Prometheus shows of a target that was never scraped. */
const NEVER = "0001-01-01T00:00:00Z";

/** What these routes are answered from. */
export interface TargetRoutePorts {
  readonly scraping: Scraping;
  /** Reads again what can change while the server runs. */
  readonly reload: () => Promise<void>;
}

/** `/api/v1/targets`, `targets/metadata`, `scrape_pools` and `/-/reload`. */
export function registerTargetRoutes(app: FastifyInstance, ports: TargetRoutePorts): void {
  const { scraping } = ports;
  const answer = (url: string, data: (parameters: URLSearchParams) => unknown): void => {
    app.get(url, async (request) => ({
      status: "success",
      data: data(requestParameters(request)),
    }));
  };
  answer("/api/v1/targets", (parameters) => targetsAnswer(scraping, parameters));
  answer("/api/v1/targets/metadata", (parameters) => metadataAnswer(scraping, parameters));
  answer("/api/v1/scrape_pools", () => ({
    scrapePools: scraping.pools.map(({ job }) => job.name).sort(),
  }));
  app.post("/-/reload", async (_, reply) => {
    try {
      await ports.reload();
      return reply.type("text/plain").send("");
    } catch (error) {
      const { status, body } = errorReply(error);
      return reply.code(status).type("text/plain").send(`failed to reload config: ${body.error}\n`);
    }
  });
}

function targetsAnswer(scraping: Scraping, parameters: URLSearchParams): unknown {
  const state = (parameters.get("state") || "any").toLowerCase();
  const wanted = parameters.get("scrapePool") ?? "";
  const pools = scraping.pools.filter(({ job }) => wanted === "" || job.name === wanted);
  const showActive = state === "any" || state === "active";
  const showDropped = state === "any" || state === "dropped";
  return {
    activeTargets: showActive
      ? pools.flatMap((pool) => pool.targets.map((target) => activeTarget(pool, target)))
      : [],
    droppedTargets: showDropped ? pools.flatMap(droppedTargets) : [],
    droppedTargetCounts: Object.fromEntries(
      pools.map(({ job, droppedCount }) => [job.name, droppedCount]),
    ),
  };
}

function activeTarget({ job }: ScrapePool, { target, status }: ScrapeTarget): unknown {
  const { lastScrapeMs, lastDurationMs, lastError, health } = status;
  return {
    discoveredLabels: labelsToRecord(target.discovered),
    labels: labelsToRecord(target.labels),
    scrapePool: job.name,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError,
    lastScrape: lastScrapeMs === undefined ? NEVER : new Date(lastScrapeMs).toISOString(),
    lastScrapeDuration: lastDurationMs / 1000,
    health,
    scrapeInterval: formatDuration(target.intervalMs),
    scrapeTimeout: formatDuration(target.timeoutMs),
  };
}

function droppedTargets({ job, dropped }: ScrapePool): unknown[] {
  return dropped.map((labels) => ({
    discoveredLabels: labelsToRecord(labels),
    scrapePool: job.name,
  }));
}

function metadataAnswer({ pools }: Scraping, parameters: URLSearchParams): unknown[] {
  const selector = parameters.get("match_target") ?? "";
  const metric = parameters.get("metric") ?? "";
  const limitText = parameters.get("limit") ?? "";
  if (!/^-?\d{0,9}$/.test(limitText)) throw badData("limit must be a number");
  const limit = limitText === "" || Number(limitText) < 0 ? undefined : Number(limitText);
  const isWanted = targetTest(selector === "" ? [] : parseSelector(selector));
  const entries = pools
    .flatMap(({ targets }) => targets)
    .filter(({ target }) => isWanted(target.labels))
    .flatMap(({ target, status }) =>
      status.metadata
        .filter(({ name }) => metric === "" || name === metric)
        .map(({ name, type, help, unit }) => ({
          target: labelsToRecord(target.labels),
          ...(metric === "" && { metric: name }),
          ...{ type, help, unit },
        })),
    );
  return limit === undefined ? entries : entries.slice(0, limit);
}

function targetTest(matchers: readonly Matcher[]): (labels: Labels) => boolean {
  const tests = matchers.map((matcher) => ({ matcher, test: compileMatcher(matcher) }));
  return (labels) => tests.every(({ matcher, test }) => test(labelValue(labels, matcher.name)));
}
