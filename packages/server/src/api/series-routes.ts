import { type Exemplar, labelsToRecord } from "@avx/model";
import type { ParseOptions } from "@avx/promql";
import type { MetricStore } from "@avx/store";
import type { FastifyInstance, FastifyReply } from "fastify";
import { labelNameFromPath } from "./label-name.ts";
import { sampleText, secondsText } from "./number-text.ts";
import { badData, limitParameter, requestParameters } from "./parameters.ts";
import { successFrame } from "./prometheus-json.ts";
import { selectorsOfQuery } from "./query-selectors.ts";
import { requiredSelectors, selectorParameters } from "./selector-parameters.ts";
import { timeRange } from "./time-range.ts";

/** `/api/v1/series`, `labels`, `label/NAME/values`, `metadata`, `query_exemplars`. */
export function registerSeriesRoutes(
  app: FastifyInstance,
  metrics: MetricStore,
  parseOptions: ParseOptions,
): void {
  const method = ["GET", "POST"];
  app.route({
    method,
    url: "/api/v1/series",
    handler: async (request, reply) => {
      const parameters = requestParameters(request);
      const found = await metrics.series(requiredSelectors(parameters), timeRange(parameters));
      return sendList(reply, found.map(labelsToRecord), limitParameter(parameters, "limit"));
    },
  });
  app.route({
    method,
    url: "/api/v1/labels",
    handler: async (request, reply) => {
      const parameters = requestParameters(request);
      const names = await metrics.labelNames(selectorParameters(parameters), timeRange(parameters));
      return sendList(reply, names, limitParameter(parameters, "limit"));
    },
  });
  app.get<{ Params: { name: string } }>("/api/v1/label/:name/values", async (request, reply) => {
    const parameters = requestParameters(request);
    const name = labelNameFromPath(request.params.name);
    const selectors = selectorParameters(parameters);
    const values = await metrics.labelValues(name, selectors, timeRange(parameters));
    return sendList(reply, values, limitParameter(parameters, "limit"));
  });
  registerMetadata(app, metrics);
  app.route({
    method,
    url: "/api/v1/query_exemplars",
    handler: async (request, reply) => {
      const parameters = requestParameters(request);
      const range = timeRange(parameters);
      if (range.endMs < range.startMs) {
        throw badData("end timestamp must not be before start timestamp");
      }
      const selectors = selectorsOfQuery(parameters.get("query") ?? "", parseOptions);
      const found = selectors.length === 0 ? [] : await metrics.exemplars(selectors, range);
      return sendJson(reply, successFrame(groupExemplars(found)));
    },
  });
}

function registerMetadata(app: FastifyInstance, metrics: MetricStore): void {
  app.get("/api/v1/metadata", async (request, reply) => {
    const parameters = requestParameters(request);
    const limit = metadataLimit(parameters, "limit") ?? Number.POSITIVE_INFINITY;
    const perMetric = metadataLimit(parameters, "limit_per_metric") || Number.POSITIVE_INFINITY;
    const wanted = parameters.get("metric");
    const answer: Record<string, unknown> = Object.create(null);
    let count = 0;
    for (const [name, entries] of await metrics.metadata()) {
      if (wanted && wanted !== name) continue;
      if (count++ >= limit) break;
      answer[name] = entries
        .slice(0, perMetric)
        .map(({ type, help, unit }) => ({ type, help, unit }));
    }
    return sendJson(reply, successFrame(answer));
  });
}

/** Here, unlike elsewhere, 0 is a limit and a negative number is none. */
function metadataLimit(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name) ?? "";
  if (text === "") return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw badData(`${name} must be a number`);
  const limit = Number(text);
  return limit < 0 ? undefined : limit;
}

function sendList(reply: FastifyReply, items: readonly unknown[], limit: number): FastifyReply {
  const warnings = items.length > limit ? ["results truncated due to limit"] : [];
  return sendJson(reply, successFrame(items.slice(0, limit), { warnings }));
}

function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.type("application/json; charset=utf-8").send(text);
}

/** `[{seriesLabels, exemplars: [{labels, value, timestamp}]}]` in the order of the series. */
function groupExemplars(exemplars: readonly Exemplar[]): unknown[] {
  const groups = new Map<string, { seriesLabels: unknown; exemplars: unknown[] }>();
  for (const exemplar of exemplars) {
    const key = exemplar.seriesLabels.join("\u0000");
    const group = groups.get(key) ?? {
      seriesLabels: labelsToRecord(exemplar.seriesLabels),
      exemplars: [],
    };
    groups.set(key, group);
    group.exemplars.push({
      labels: labelsToRecord(exemplar.labels),
      value: sampleText(exemplar.value),
      timestamp: Number(secondsText(exemplar.timestampMs)),
    });
  }
  return [...groups.values()];
}
