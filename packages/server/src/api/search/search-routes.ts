import { Readable } from "node:stream";
import { METRIC_NAME, type MetricMetadata } from "@avx/model";
import type { MetricStore } from "@avx/store";
import type { FastifyInstance, FastifyReply } from "fastify";
import { badData, requestParameters } from "../parameters.ts";
import { type FoundValue, findValues } from "./find-values.ts";
import { booleanParameter, type SearchParameters, searchParameters } from "./search-parameters.ts";

/** What searches ask. */
export interface SearchPorts {
  readonly metrics: MetricStore;
  readonly nowMs: () => number;
}

/** `/api/v1/search/metric_names`, `label_names` and `label_values`: lines of JSON, as they are found. */
export function registerSearchRoutes(app: FastifyInstance, { metrics, nowMs }: SearchPorts): void {
  const route = (name: string, answer: (search: Search) => Promise<Found>): void => {
    app.route({
      method: ["GET", "POST"],
      url: `/api/v1/search/${name}`,
      handler: async (request, reply) => {
        const parameters = requestParameters(request);
        const asked = searchParameters(parameters, nowMs());
        const { values, toRecord } = await answer({ parameters, asked });
        return sendLines(reply, asked, { found: findValues(values, asked), toRecord });
      },
    });
  };
  const valuesOf = (label: string, { selectors, range }: SearchParameters) =>
    metrics.labelValues(label, selectors, range);
  route("metric_names", async ({ parameters, asked }) => {
    const showsMetadata = booleanParameter(parameters, "include_metadata", false);
    const metadata = showsMetadata ? await metrics.metadata() : new Map<string, never>();
    const toRecord = ({ value, score }: FoundValue) => ({
      ...{ name: value, ...scoreIf(asked, score), ...metadataOf(metadata.get(value)) },
    });
    return { values: await valuesOf(METRIC_NAME, asked), toRecord };
  });
  route("label_names", async ({ asked }) => ({
    values: await metrics.labelNames(asked.selectors, asked.range),
    toRecord: ({ value, score }) => ({ name: value, ...scoreIf(asked, score) }),
  }));
  route("label_values", async ({ parameters, asked }) => {
    const label = parameters.get("label") ?? "";
    if (label === "") throw badData('missing required parameter "label"');
    const toRecord = ({ value, score }: FoundValue) => ({ value, ...scoreIf(asked, score) });
    return { values: await valuesOf(label, asked), toRecord };
  });
}

interface Search {
  readonly parameters: URLSearchParams;
  readonly asked: SearchParameters;
}

interface Found {
  readonly values: readonly string[];
  readonly toRecord: (found: FoundValue) => object;
}

function scoreIf({ showsScore }: SearchParameters, score: number): { score?: number } {
  return showsScore ? { score } : {};
}

function metadataOf(entries: readonly MetricMetadata[] | undefined): object {
  const [first] = entries ?? [];
  if (first === undefined) return {};
  const { type, help, unit } = first;
  return { ...(type && { type }), ...(help && { help }), ...(unit && { unit }) };
}

interface Lines {
  readonly found: readonly FoundValue[];
  readonly toRecord: (found: FoundValue) => object;
}

function sendLines(
  reply: FastifyReply,
  { limit, batchSize }: SearchParameters,
  { found, toRecord }: Lines,
): FastifyReply {
  function* lines(): Generator<string> {
    const shown = found.slice(0, limit);
    for (let i = 0; i === 0 || i < shown.length; i += batchSize) {
      const results = shown.slice(i, i + batchSize).map(toRecord);
      yield `${JSON.stringify({ results })}\n`;
    }
    yield `${JSON.stringify({ status: "success", has_more: found.length > limit })}\n`;
  }
  return reply.type("application/x-ndjson; charset=utf-8").send(Readable.from(lines()));
}
