import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { AvxError } from "@avx/model";
import { type OtlpNames, USUAL_OTLP_NAMES } from "./parse-otlp-names.ts";
import { parseScrapeConfig } from "./parse-scrape-config.ts";
import type { ScrapeConfig } from "./scrape-config.ts";
import { type PoolPorts, ScrapePool } from "./scrape-pool.ts";

/** setTimeout takes no more; the loop looks again then. */
const MAX_SLEEP_MS = 60_000;

/** What scraping needs. */
export interface ScrapingPorts extends PoolPorts {
  /** Path of the `prometheus.yml`; undefined: nothing is scraped. */
  readonly configFile: string | undefined;
  readonly nowMs: () => number;
}

/** Scrapes targets by a `prometheus.yml`. */
export interface Scraping {
  readonly pools: readonly ScrapePool[];
  readonly configFile: string | undefined;
  /** How OTLP metrics are named, as the same file says. */
  readonly otlpNames: OtlpNames;
  /** Whether the last reload was taken, and when the configuration in force was read. */
  readonly lastReload: { readonly isSuccess: boolean; readonly configMs: number };
  /** Reads the file again; on `invalid_config` the configuration before stays in force. */
  reload(): Promise<void>;
  /** Discovers and scrapes all that is due at `nowMs`; resolves when that is over. */
  tick(nowMs: number): Promise<void>;
  /** Ticks whenever something is due, until `stop`. */
  start(): void;
  stop(): Promise<void>;
}

/** Reads the configuration, if there is one, without scraping yet. */
export async function createScraping(ports: ScrapingPorts): Promise<Scraping> {
  const { configFile, nowMs, log } = ports;
  let pools: readonly ScrapePool[] = [];
  let otlpNames = USUAL_OTLP_NAMES;
  let lastReload = { isSuccess: true, configMs: nowMs() };
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const apply = async (config: ScrapeConfig): Promise<void> => {
    for (const warning of config.warnings) log("warn", warning);
    otlpNames = config.otlpNames;
    const before = pools;
    pools = nextPools(config, before, ports);
    await Promise.all(withoutSuccessor(before, pools).map((pool) => pool.end(nowMs())));
  };
  const reload = async (): Promise<void> => {
    if (configFile === undefined) {
      throw new AvxError("bad_request", { reason: "the server was started without --config" });
    }
    try {
      await apply(await readConfig(configFile));
      lastReload = { isSuccess: true, configMs: nowMs() };
    } catch (error) {
      lastReload = { ...lastReload, isSuccess: false };
      throw error;
    }
    if (timer !== undefined) plan();
  };
  const tick = async (atMs: number): Promise<void> => {
    await Promise.all(
      pools.map((pool) => Promise.all([pool.discover(atMs), pool.scrapeDue(atMs)])),
    );
  };
  const plan = (): void => {
    clearTimeout(timer);
    if (isStopped) return;
    const dueMs = Math.min(...pools.map((pool) => pool.nextDueMs()));
    const sleepMs = Math.min(Math.max(dueMs - nowMs(), 0), MAX_SLEEP_MS);
    timer = setTimeout(run, sleepMs);
    timer.unref();
  };
  /** Slow scrapes and discoveries do not hold up others: the next plan is made at once. */
  const run = (): void => {
    void tick(nowMs())
      .catch((error: unknown) => log("error", "scraping failed", { reason: String(error) }))
      .finally(() => plan());
    plan();
  };
  if (configFile !== undefined) await reload();
  return {
    ...{ configFile, reload, tick, start: run },
    get pools() {
      return pools;
    },
    get otlpNames() {
      return otlpNames;
    },
    get lastReload() {
      return lastReload;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await Promise.all(pools.map((pool) => pool.settle()));
    },
  };
}

/** A pool whose job has not changed stays; one that has takes over what the older one knew. */
function nextPools(
  { jobs }: ScrapeConfig,
  before: readonly ScrapePool[],
  ports: PoolPorts,
): ScrapePool[] {
  const known = new Map(before.map((pool) => [pool.job.name, pool]));
  return jobs.map((job) => {
    const older = known.get(job.name);
    return older?.job.identity === job.identity ? older : new ScrapePool(job, ports, older);
  });
}

function withoutSuccessor(
  before: readonly ScrapePool[],
  after: readonly ScrapePool[],
): ScrapePool[] {
  const names = new Set(after.map(({ job }) => job.name));
  return before.filter(({ job }) => !names.has(job.name));
}

async function readConfig(configFile: string): Promise<ScrapeConfig> {
  let text: string;
  try {
    text = await readFile(configFile, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AvxError("invalid_config", { option: "--config", reason }, { cause });
  }
  return parseScrapeConfig(text, { name: configFile, directory: dirname(configFile) });
}
