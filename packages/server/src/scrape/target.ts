import { createHash } from "node:crypto";
import { type Labels, labelsFromPairs, labelsFromRecord, labelsKey, labelValue } from "@avx/model";
import { formatDuration } from "@avx/promql";
import { parseDurationMs } from "../duration.ts";
import { relabel } from "./relabel.ts";
import type { ScrapeJob } from "./scrape-config.ts";

const META_PREFIX = "__meta_";
const PARAM_PREFIX = "__param_";

/** One thing to scrape. */
export interface Target {
  /** Equal for equal URL and labels: a target found twice is scraped once. */
  readonly key: string;
  readonly url: string;
  /** Labels of everything that comes from it. */
  readonly labels: Labels;
  /** Before relabelling, for those who write the rules. */
  readonly discovered: Labels;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** What one discovered address became. */
export type TargetOutcome =
  | { readonly kind: "target"; readonly target: Target }
  | { readonly kind: "dropped"; readonly discovered: Labels }
  | { readonly kind: "faulty"; readonly reason: string };

/** Labels of a discovered address -> target, by the rules of `PopulateLabels` in Prometheus. */
export function buildTarget(
  job: ScrapeJob,
  address: string,
  groupLabels: Readonly<Record<string, string>>,
): TargetOutcome {
  const discovered = labelsFromRecord({
    job: job.name,
    __metrics_path__: job.metricsPath,
    __scheme__: job.scheme,
    __scrape_interval__: formatDuration(job.intervalMs),
    __scrape_timeout__: formatDuration(job.timeoutMs),
    ...Object.fromEntries(
      Object.entries(job.params).map(([name, [first = ""]]) => [PARAM_PREFIX + name, first]),
    ),
    ...withoutEmpty(groupLabels),
    __address__: address,
  });
  const relabelled = relabel(discovered, job.relabelRules);
  if (relabelled === undefined) return { kind: "dropped", discovered };
  return targetOf(job, relabelled, discovered);
}

function withoutEmpty(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
}

function targetOf(job: ScrapeJob, relabelled: Labels, discovered: Labels): TargetOutcome {
  const address = labelValue(relabelled, "__address__");
  const scheme = labelValue(relabelled, "__scheme__");
  const url = `${scheme}://${address}`;
  if (address === "") return { kind: "faulty", reason: "no address" };
  if (address.includes("/") || !/^https?$/.test(scheme) || !URL.canParse(url)) {
    return { kind: "faulty", reason: `"${url}" is not an address to scrape` };
  }
  const intervalMs = parseDurationMs(labelValue(relabelled, "__scrape_interval__")) ?? 0;
  const timeoutMs = parseDurationMs(labelValue(relabelled, "__scrape_timeout__")) ?? 0;
  if (intervalMs === 0 || timeoutMs === 0 || timeoutMs > intervalMs) {
    return { kind: "faulty", reason: "scrape interval and timeout must be above 0, in that order" };
  }
  const own: [string, string][] = [["instance", address]];
  for (let i = 0; i < relabelled.length; i += 2) {
    const name = relabelled[i]!;
    if (!name.startsWith("__")) own.push([name, relabelled[i + 1]!]);
  }
  const labels = labelsFromPairs(own);
  const target = { url: scrapeUrl(job, relabelled, url), labels, intervalMs, timeoutMs };
  const key = `${labelsKey(labels)} ${target.url} ${intervalMs} ${timeoutMs}`;
  return { kind: "target", target: { key, discovered, ...target } };
}

function scrapeUrl(job: ScrapeJob, labels: Labels, base: string): string {
  const url = new URL(base);
  url.pathname = labelValue(labels, "__metrics_path__");
  const params = new Map(Object.entries(job.params).map(([name, values]) => [name, [...values]]));
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    if (!name.startsWith(PARAM_PREFIX) || name.startsWith(META_PREFIX)) continue;
    const [, ...others] = params.get(name.slice(PARAM_PREFIX.length)) ?? [];
    params.set(name.slice(PARAM_PREFIX.length), [labels[i + 1]!, ...others]);
  }
  for (const [name, values] of params)
    for (const value of values) url.searchParams.append(name, value);
  return url.href;
}

/**
 * When the target is to be scraped first: a place within the interval that depends on nothing but
 * the target, so that targets spread and keep their place over restarts.
 */
export function firstScrapeMs({ key, intervalMs }: Target, nowMs: number): number {
  const hash = createHash("md5").update(key).digest().readUIntBE(0, 6);
  const offsetMs = hash % intervalMs;
  const base = Math.floor(nowMs / intervalMs) * intervalMs + offsetMs;
  return base > nowMs ? base : base + intervalMs;
}
