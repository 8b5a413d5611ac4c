import { type Exemplar, labelsToRecord, type TimeRange } from "@avx/model";
import type { MetricStore } from "@avx/store";
import type { FastifyInstance, FastifyReply } from "fastify";
import { labelNameFromPath } from "./label-name.ts";
import { sampleText, secondsText } from "./number-text.ts";
import { limitParameter, requestParameters, timeParameterMs } from "./parameters.ts";
import { successFrame } from "./prometheus-json.ts";
import { selectorsOfQuery } from "./query-selectors.ts";
import { requiredSelectors, selectorParameters } from "./selector-parameters.ts";

/** Label browsers ask without bounds; everything that is kept is meant. */
const ALL_TIME: TimeRange = { startMs: -8.64e15, endMs: 8.64e15 };

/** `/api/v1/series`, `labels`, `label/NAME/values`, `metadata`, `query_exemplars`. */
export function registerSeriesRoutes(app: FastifyInstance, metrics: MetricStore): void {
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
      const selectors = selectorsOfQuery(parameters.get("query") ?? "");
      const range = {
        startMs: timeParameterMs(parameters, "start"),
        endMs: timeParameterMs(parameters, "end"),
      };
      return sendJson(
        reply,
        successFrame(groupExemplars(await metrics.exemplars(selectors, range))),
      );
    },
  });
}

function registerMetadata(app: FastifyInstance, metrics: MetricStore): void {
  app.get("/api/v1/metadata", async (request, reply) => {
    const parameters = requestParameters(request);
    const limit = limitParameter(parameters, "limit");
    const perMetric = limitParameter(parameters, "limit_per_metric");
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

function timeRange(parameters: URLSearchParams): TimeRange {
  return {
    startMs: timeParameterMs(parameters, "start", ALL_TIME.startMs),
    endMs: timeParameterMs(parameters, "end", ALL_TIME.endMs),
  };
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
