import { type Labels, labelsFromRecord, labelsToRecord } from "@avx/model";
import type { FastifyInstance } from "fastify";
import { type RelabelRule, relabel } from "../scrape/relabel.ts";
import type { ScrapeJob } from "../scrape/scrape-config.ts";
import type { Scraping } from "../scrape/scraping.ts";
import { badData, requestParameters } from "./parameters.ts";
import { scrapeJobYaml } from "./scrape-job-yaml.ts";

/** `/api/v1/scrape_pools/config` and `targets/relabel_steps`: for people who write rules. */
export function registerScrapePoolRoutes(app: FastifyInstance, scraping: Scraping): void {
  const answer = (url: string, data: (parameters: URLSearchParams) => unknown): void => {
    app.get(url, async (request) => ({
      status: "success",
      data: data(requestParameters(request)),
    }));
  };
  answer("/api/v1/scrape_pools/config", (parameters) => ({
    yaml: scrapeJobYaml(jobOf(scraping, parameters)),
  }));
  answer("/api/v1/targets/relabel_steps", (parameters) => {
    if (!parameters.get("scrapePool")) throw badData("no scrapePool parameter provided");
    const labels = labelsParameter(parameters);
    return { steps: relabelSteps(labels, jobOf(scraping, parameters).relabelRules) };
  });
}

function jobOf({ pools }: Scraping, parameters: URLSearchParams): ScrapeJob {
  const name = parameters.get("scrapePool") ?? "";
  if (name === "") throw badData("no scrapePool parameter provided");
  const pool = pools.find(({ job }) => job.name === name);
  if (pool === undefined) {
    const reason = `scrape pool ${JSON.stringify(name)} not found`;
    throw badData(`error retrieving scrape config: ${reason}`);
  }
  return pool.job;
}

function labelsParameter(parameters: URLSearchParams): Labels {
  const text = parameters.get("labels") ?? "";
  if (text === "") throw badData("no labels parameter provided");
  const value = parsedJson(text);
  const isRecord = typeof value === "object" && value !== null && !Array.isArray(value);
  const entries = isRecord ? Object.entries(value) : [];
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === "string");
  if (!isRecord || texts.length < entries.length) {
    throw badData("error parsing labels: an object of names and values is expected");
  }
  return labelsFromRecord(Object.fromEntries(texts));
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badData(`error parsing labels: ${error instanceof Error ? error.message : error}`);
  }
}

/** What each rule makes of the labels; after a rule that drops them there is nothing. */
function relabelSteps(labels: Labels, rules: readonly RelabelRule[]): unknown[] {
  let current: Labels | undefined = labels;
  return rules.map((rule) => {
    current = current && relabel(current, [rule]);
    const output = current ? labelsToRecord(current) : {};
    return { rule: shownRule(rule), output, keep: current !== undefined };
  });
}

function shownRule(rule: RelabelRule): object {
  const { sourceLabels, separator, regexText, modulus, targetLabel, replacement, action } = rule;
  return {
    ...(sourceLabels.length > 0 && { source_labels: sourceLabels }),
    separator,
    regex: regexText,
    ...(modulus > 0 && { modulus }),
    ...(targetLabel !== "" && { target_label: targetLabel }),
    replacement,
    action,
  };
}
