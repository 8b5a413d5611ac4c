import { type Labels, labelsKey } from "@avx/model";
import type { Log } from "../self/log.ts";
import { createDiscovery, type Discovery } from "./discovery.ts";
import type { ScrapeJob, TargetGroup } from "./scrape-config.ts";
import { type ScrapePorts, ScrapeTarget } from "./scrape-target.ts";
import { buildTarget, firstScrapeMs } from "./target.ts";

/** A page of dropped targets is for people who write rules: it need not show all. */
const MAX_DROPPED_SHOWN = 1000;
/** What is found once more than this is scraped no more: a discovery gone wild. */
const MAX_TARGETS = 10_000;
/** A scrape that starts this much late still gets the time it was due, so that samples are even. */
const ALIGNED_WITHIN_MS = 2;

interface Source {
  readonly discovery: Discovery;
  groups: readonly TargetGroup[];
  dueMs: number;
  isAsked: boolean;
}

interface Scheduled {
  readonly scraped: ScrapeTarget;
  dueMs: number;
}

/** What a pool needs besides its job. */
export interface PoolPorts extends ScrapePorts {
  readonly log: Log;
}

/** The targets of one job: finds them, scrapes those that are due, ends those that are gone. */
export class ScrapePool {
  readonly job: ScrapeJob;
  readonly #ports: PoolPorts;
  readonly #sources: readonly Source[];
  #targets = new Map<string, Scheduled>();
  /** Targets of the pool that this one replaces, by their labels, until they are found again. */
  #inherited: Map<string, ScrapeTarget>;
  dropped: readonly Labels[] = [];
  droppedCount = 0;

  constructor(job: ScrapeJob, ports: PoolPorts, before?: ScrapePool) {
    this.job = job;
    this.#ports = ports;
    this.#sources = job.discoveries.map((config) => ({
      ...{ discovery: createDiscovery(config), groups: [], dueMs: Number.NEGATIVE_INFINITY },
      isAsked: false,
    }));
    this.#inherited = new Map(
      before?.targets.map((one) => [labelsKey(one.target.labels), one] as const),
    );
  }

  get targets(): ScrapeTarget[] {
    return Array.from(this.#targets.values(), ({ scraped }) => scraped);
  }

  /** When something is to be done next. */
  nextDueMs(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const { dueMs, isAsked } of this.#sources) if (!isAsked) next = Math.min(next, dueMs);
    for (const { dueMs } of this.#targets.values()) next = Math.min(next, dueMs);
    return next;
  }

  /** Asks every discovery that is due; targets that are gone end at `nowMs`. */
  async discover(nowMs: number): Promise<void> {
    const due = this.#sources.filter(
      ({ dueMs, isAsked, discovery }) =>
        !isAsked && (dueMs <= nowMs || isFarAhead(dueMs, nowMs, discovery.refreshMs)),
    );
    if (due.length === 0) return;
    await Promise.all(due.map((source) => this.#ask(source, nowMs)));
    await this.#sync(nowMs);
  }

  async #ask(source: Source, nowMs: number): Promise<void> {
    source.isAsked = true;
    try {
      source.groups = await source.discovery.find();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#ports.log("warn", "targets could not be discovered", { job: this.job.name, reason });
    }
    source.isAsked = false;
    source.dueMs = nowMs + (source.discovery.refreshMs ?? Number.POSITIVE_INFINITY);
  }

  /** Scrapes what is due; resolves when those scrapes are over. */
  async scrapeDue(nowMs: number): Promise<void> {
    const running: Promise<void>[] = [];
    for (const scheduled of this.#targets.values()) {
      const { dueMs, scraped } = scheduled;
      const { intervalMs } = scraped.target;
      if (isFarAhead(dueMs, nowMs, intervalMs)) {
        scheduled.dueMs = firstScrapeMs(scraped.target, nowMs);
      }
      if (dueMs > nowMs) continue;
      scheduled.dueMs = dueMs + intervalMs * (1 + Math.floor((nowMs - dueMs) / intervalMs));
      running.push(scraped.scrape(nowMs - dueMs <= ALIGNED_WITHIN_MS ? dueMs : nowMs));
    }
    await Promise.all(running);
  }

  /** Ends every target, also those not found again since the configuration changed. */
  async end(nowMs: number): Promise<void> {
    const gone = [...this.targets, ...this.#inherited.values()];
    this.#targets = new Map();
    this.#inherited = new Map();
    await Promise.all(gone.map((scraped) => scraped.end(nowMs)));
  }

  /** Waits for the scrapes that are under way, without ending any series. */
  async settle(): Promise<void> {
    await Promise.all(this.targets.map((scraped) => scraped.settle()));
  }

  async #sync(nowMs: number): Promise<void> {
    const found = this.#build();
    const next = new Map<string, Scheduled>();
    for (const [key, target] of found) {
      const kept = this.#targets.get(key);
      if (kept !== undefined) next.set(key, kept);
      else {
        const identity = labelsKey(target.labels);
        const before = this.#inherited.get(identity);
        this.#inherited.delete(identity);
        const options = { job: this.job, ports: this.#ports, ...(before && { before }) };
        const scraped = new ScrapeTarget(target, options);
        next.set(key, { scraped, dueMs: firstScrapeMs(target, nowMs) });
      }
    }
    const gone = [...this.#targets].filter(([key]) => !next.has(key));
    this.#targets = next;
    const ended = [...gone.map(([, { scraped }]) => scraped), ...this.#inherited.values()];
    this.#inherited = new Map();
    await Promise.all(ended.map((scraped) => scraped.end(nowMs)));
  }

  #build(): Map<string, ScrapeTarget["target"]> {
    const found = new Map<string, ScrapeTarget["target"]>();
    const dropped: Labels[] = [];
    const limit = Math.min(this.job.limits.targets || MAX_TARGETS, MAX_TARGETS);
    let faults = 0;
    this.droppedCount = 0;
    for (const { targets, labels } of this.#sources.flatMap(({ groups }) => groups)) {
      for (const address of targets) {
        const outcome = buildTarget(this.job, address, labels);
        if (outcome.kind === "target" && found.size < limit) {
          found.set(outcome.target.key, outcome.target);
        } else if (outcome.kind === "dropped") {
          this.droppedCount++;
          if (dropped.length < MAX_DROPPED_SHOWN) dropped.push(outcome.discovered);
        } else {
          const reason = outcome.kind === "faulty" ? outcome.reason : `more than ${limit} targets`;
          const facts = { job: this.job.name, address, reason };
          if (faults++ === 0) this.#ports.log("warn", "target not scraped", facts);
        }
      }
    }
    this.dropped = dropped;
    return found;
  }
}

/** Later than one interval from now: the clock was set back. */
function isFarAhead(dueMs: number, nowMs: number, intervalMs: number | undefined): boolean {
  return intervalMs !== undefined && dueMs - nowMs > intervalMs;
}
