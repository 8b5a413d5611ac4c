import {
  isStaleAt,
  type LabelledSeries,
  METRIC_NAME,
  type MetricMetadata,
  type SampleColumns,
  serviceOf,
} from "@avx/model";
import type { Store } from "@avx/store";
import { pickSamples } from "@avx/wire";
import type { DataAnswer, ServiceShare } from "../contract.ts";
import { clockFindings, type ServiceClock } from "./clock-findings.ts";
import { DataShares } from "./data-shares.ts";
import { FindingList } from "./finding-list.ts";
import { onlyRises } from "./only-rises.ts";
import { intervalOf, seriesFindings } from "./series-findings.ts";
import { ServiceScores } from "./service-scores.ts";

/** What is looked at: long enough for a scrape a minute, and all of it is in memory. */
const WINDOW_MS = 15 * 60_000;
/** An answer is given again for this long: it goes through every series. */
const KEPT_MS = 30_000;
const DAY_MS = 86_400_000;
/** Measured of blocks in the engine; used until there is a day's block to measure. */
const USUAL_BYTES_PER_SAMPLE = 1.3;
/** Services in the answer. */
const MAX_SERVICES = 50;
/** Between two metrics, and within one of many series, whatever else is due has its turn. */
const SERIES_PER_TURN = 500;

/** What the report reads. */
export interface DataReportPorts {
  readonly store: Pick<Store, "metrics" | "admin">;
  readonly nowMs: () => number;
  /** Lets everything else that is due have its turn. */
  readonly pause: () => Promise<void>;
}

/** Answers the same report to everybody who asks within half a minute. */
export function createDataReport(ports: DataReportPorts): () => Promise<DataAnswer> {
  let clocks: ReadonlyMap<string, ServiceClock> = new Map();
  let kept: { readonly madeMs: number; readonly answer: Promise<DataAnswer> } | undefined;
  const make = async (): Promise<DataAnswer> => {
    const report = new Report(ports, clocks);
    const answer = await report.make();
    clocks = report.clocks;
    return answer;
  };
  return () => {
    const nowMs = ports.nowMs();
    if (kept && nowMs - kept.madeMs < KEPT_MS) return kept.answer;
    const answer = make();
    kept = { madeMs: nowMs, answer };
    answer.catch(() => {
      kept = undefined;
    });
    return answer;
  };
}

/** What is known of the series of one name. */
interface KnownMetric {
  readonly metric: string;
  readonly isCounter: boolean;
  readonly described: readonly MetricMetadata[];
}

/** One pass over all series of the window. */
class Report {
  readonly clocks = new Map<string, ServiceClock>();
  readonly #ports: DataReportPorts;
  readonly #clocksBefore: ReadonlyMap<string, ServiceClock>;
  readonly #nowMs: number;
  readonly #shares = new DataShares();
  readonly #scores = new ServiceScores();
  readonly #findings = new FindingList();

  constructor(ports: DataReportPorts, clocksBefore: ReadonlyMap<string, ServiceClock>) {
    this.#ports = ports;
    this.#clocksBefore = clocksBefore;
    this.#nowMs = ports.nowMs();
  }

  async make(): Promise<DataAnswer> {
    const { metrics } = this.#ports.store;
    const range = { startMs: this.#nowMs - WINDOW_MS, endMs: this.#nowMs + WINDOW_MS };
    const described = await metrics.metadata();
    const { signal } = new AbortController();
    for (const metric of await metrics.labelValues(METRIC_NAME, [], range)) {
      const matchers = [{ name: METRIC_NAME, op: "=", value: metric }] as const;
      const series = await metrics.select(matchers, range, signal);
      const isCounter = onlyRises(metric, described);
      await this.#look(series, { metric, isCounter, described: described.get(metric) ?? [] });
    }
    for (const finding of clockFindings(this.clocks, this.#clocksBefore, this.#nowMs)) {
      this.#findings.note(finding);
    }
    const bytesPerDayOf = await this.#bytesPerDay();
    const services = this.#serviceShares(bytesPerDayOf);
    const { total, perService } = metrics.seriesLimits;
    return {
      ...{ nowMs: this.#nowMs, windowMs: WINDOW_MS, series: this.#shares.series },
      ...{ seriesLimit: total, serviceSeriesLimit: perService },
      metrics: this.#shares.metrics(bytesPerDayOf),
      services,
      labels: this.#shares.labels(),
      quality: this.#scores.all(),
      findings: this.#findings.all(),
    };
  }

  async #look(
    found: readonly LabelledSeries[],
    { metric, isCounter, described }: KnownMetric,
  ): Promise<void> {
    for (const [i, series] of found.entries()) {
      if (i % SERIES_PER_TURN === 0) await this.#ports.pause();
      const { labels } = series;
      const service = serviceOf(labels);
      const { columns, hasEnded } = withoutMarkers(series);
      const stepMs = intervalOf(columns);
      this.#shares.add(labels, { metric, service, samples: columns.values.length });
      this.#noteTime(service, columns, stepMs);
      const facts = { nowMs: this.#nowMs, isCounter, hasEnded };
      const ofSeries = seriesFindings(columns, facts);
      for (const one of ofSeries) this.#findings.note({ ...one, service, metric, labels });
      const isDead = ofSeries.some(({ kind }) => kind === "dead_series");
      const missingUntilMs = isDead ? this.#nowMs : undefined;
      this.#scores.add(service, columns, { isCounter, stepMs, missingUntilMs });
    }
    this.#noteChanges(metric, found, described);
  }

  #noteTime(service: string, { timestampsMs }: SampleColumns, stepMs: number | undefined): void {
    const newestMs = timestampsMs.at(-1);
    if (newestMs === undefined || stepMs === undefined) return;
    const known = this.clocks.get(service);
    if (known && known.newestMs >= newestMs) return;
    this.clocks.set(service, { newestMs, stepMs });
  }

  /** Type and unit belong to a metric name: whoever sends it is concerned. */
  #noteChanges(
    metric: string,
    found: readonly LabelledSeries[],
    described: readonly MetricMetadata[],
  ): void {
    const first = found[0];
    if (!first) return;
    const where = { service: serviceOf(first.labels), metric, labels: first.labels };
    const types = new Set(described.map(({ type }) => type));
    types.delete("unknown");
    const units = new Set(described.map(({ unit }) => unit));
    // The text format and some senders leave it out.
    units.delete("");
    const series = found.length;
    if (types.size > 1) {
      this.#findings.note({ kind: "type_change", ...where, series, amount: types.size });
    }
    if (units.size > 1) {
      this.#findings.note({ kind: "unit_change", ...where, series, amount: units.size });
    }
  }

  #serviceShares(bytesPerDayOf: (samples: number) => number): ServiceShare[] {
    const arrivals = new Map(
      this.#ports.store.metrics.arrivals().map((arrival) => [arrival.service, arrival]),
    );
    for (const { service, refused, duplicates, late } of arrivals.values()) {
      const where = { service, metric: "", series: 0 };
      if (refused > 0) this.#findings.note({ kind: "refused_series", ...where, amount: refused });
      if (duplicates > 0) this.#findings.note({ kind: "duplicate", ...where, amount: duplicates });
      if (late > 0) this.#findings.note({ kind: "late", ...where, amount: late });
    }
    return this.#shares
      .services(bytesPerDayOf)
      .slice(0, MAX_SERVICES)
      .map((share) => {
        const { refused = 0, duplicates = 0, late = 0 } = arrivals.get(share.name) ?? {};
        return { ...share, refused, duplicates, late };
      });
  }

  /** What a day takes on disk, shared out by samples. */
  async #bytesPerDay(): Promise<(samples: number) => number> {
    const uses = await this.#ports.store.admin.storageUse();
    const measured = uses?.find(({ signal }) => signal === "metrics")?.bytesPerDay;
    const { samples: all } = this.#shares;
    if (measured !== undefined && measured > 0 && all > 0) return (n) => (measured * n) / all;
    return (samples) => (samples * USUAL_BYTES_PER_SAMPLE * DAY_MS) / WINDOW_MS;
  }
}

/** Stale markers say that a series ends; they are no samples. */
function withoutMarkers(series: LabelledSeries): { columns: SampleColumns; hasEnded: boolean } {
  const kept: number[] = [];
  for (let i = 0; i < series.values.length; i++) {
    if (!isStaleAt(series.values, i)) kept.push(i);
  }
  const hasEnded = series.values.length > 0 && isStaleAt(series.values, series.values.length - 1);
  const isWhole = kept.length === series.values.length;
  return { columns: isWhole ? series : pickSamples(series, kept), hasEnded };
}
