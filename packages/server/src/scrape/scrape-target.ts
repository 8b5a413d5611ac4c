import type { Labels, MetricMetadata } from "@avx/model";
import type { AppendResult, MetricStore } from "@avx/store";
import type { Exposition } from "@avx/wire";
import { fetchPage, PageTooLarge } from "./http-client.ts";
import type { ScrapeJob } from "./scrape-config.ts";
import { acceptHeader, parsePage } from "./scrape-protocol.ts";
import { reportLabels, type ScrapedPage, ScrapedSeries } from "./scraped-series.ts";
import type { Target } from "./target.ts";

const REPORTS = [
  "up",
  "scrape_duration_seconds",
  "scrape_samples_scraped",
  "scrape_samples_post_metric_relabeling",
  "scrape_series_added",
] as const;

/** The further ones of `extra_scrape_metrics`. */
const EXTRA_REPORTS = [
  "scrape_timeout_seconds",
  "scrape_sample_limit",
  "scrape_body_size_bytes",
] as const;

/** What scraping needs of the rest of the server. */
export interface ScrapePorts {
  readonly metrics: Pick<MetricStore, "append">;
  readonly version: string;
  /** Told of samples that the store took and refused. */
  readonly appended: (result: AppendResult) => void;
}

/** How the last scrape of a target went. */
export interface ScrapeStatus {
  readonly health: "unknown" | "up" | "down";
  /** "" when it went well. */
  readonly lastError: string;
  readonly lastScrapeMs: number | undefined;
  readonly lastDurationMs: number;
  readonly metadata: readonly MetricMetadata[];
}

/** A target with what is known of it; `scrape` never throws. */
export class ScrapeTarget {
  readonly target: Target;
  readonly #job: ScrapeJob;
  readonly #ports: ScrapePorts;
  readonly #series: ScrapedSeries;
  readonly #reports: readonly Labels[];
  #hasReported = false;
  #running: Promise<void> | undefined;
  status: ScrapeStatus = {
    health: "unknown",
    lastError: "",
    lastScrapeMs: undefined,
    lastDurationMs: 0,
    metadata: [],
  };

  /** `before` is the same target under an older configuration: its series go on. */
  constructor(
    target: Target,
    { job, ports, before }: { job: ScrapeJob; ports: ScrapePorts; before?: ScrapeTarget },
  ) {
    this.target = target;
    this.#job = job;
    this.#ports = ports;
    const names = job.extraMetrics ? [...REPORTS, ...EXTRA_REPORTS] : REPORTS;
    this.#reports = names.map((name) => reportLabels(name, target.labels));
    if (before === undefined) this.#series = new ScrapedSeries(job, target.labels);
    else {
      this.#series = new ScrapedSeries(job, target.labels, before.#series);
      this.#hasReported = before.#hasReported;
    }
  }

  /** Scrapes once; samples without a time get `timeMs`. One that is still under way is awaited. */
  scrape(timeMs: number): Promise<void> {
    this.#running ??= this.#scrape(timeMs).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Resolves when no scrape is under way. */
  async settle(): Promise<void> {
    await this.#running;
  }

  /** Ends every series: the target is no more. */
  async end(timeMs: number): Promise<void> {
    await this.#running;
    const page = this.#series.end(timeMs);
    if (this.#hasReported)
      for (const labels of this.#reports) page.samples.addStale(labels, timeMs);
    await this.#store(page);
  }

  async #scrape(timeMs: number): Promise<void> {
    const begun = performance.now();
    let page: ScrapedPage;
    let lastError = "";
    let bodyBytes = 0;
    try {
      const read = await this.#read();
      bodyBytes = read.bodyBytes;
      page = this.#series.take(read.exposition(), timeMs);
      lastError = page.fault;
    } catch (error) {
      page = this.#series.end(timeMs);
      lastError = messageOf(error);
      if (error instanceof PageTooLarge) bodyBytes = -1;
    }
    const lastDurationMs = performance.now() - begun;
    const { total, kept, added, metadata } = page;
    const reported = [
      ...[Number(lastError === ""), lastDurationMs / 1000, total, kept, added],
      ...[this.target.timeoutMs / 1000, this.#job.limits.samples, bodyBytes],
    ];
    for (const [i, labels] of this.#reports.entries()) {
      page.samples.add(labels, timeMs, reported[i] ?? 0);
    }
    this.#hasReported = true;
    try {
      await this.#store(page);
    } catch (error) {
      lastError ||= messageOf(error);
    }
    const health = lastError === "" ? "up" : "down";
    this.status = { health, lastError, lastScrapeMs: timeMs, lastDurationMs, metadata };
  }

  /** The page as it came; `exposition` reads it, and throws where it has a fault. */
  async #read(): Promise<{ readonly bodyBytes: number; readonly exposition: () => Exposition }> {
    const { url, timeoutMs } = this.target;
    const { contentType, body } = await fetchPage({
      ...{ url, timeoutMs, client: this.#job.client, maxBytes: this.#job.limits.bodyBytes },
      headers: {
        accept: acceptHeader(this.#job.protocols),
        "user-agent": `avx-telemetry/${this.#ports.version}`,
        "x-prometheus-scrape-timeout-seconds": String(timeoutMs / 1000),
      },
    });
    const { alwaysClassicHistograms: alwaysClassic, fallbackProtocol: fallback } = this.#job;
    const format = { contentType, alwaysClassic, fallback };
    return { bodyBytes: body.length, exposition: () => parsePage(body, format) };
  }

  async #store({ samples, exemplars, metadata }: ScrapedPage): Promise<void> {
    if (samples.isEmpty) return;
    const packed = samples.packed();
    const batch = { series: samples.histograms(), packed, exemplars, metadata };
    this.#ports.appended(await this.#ports.metrics.append(batch));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
