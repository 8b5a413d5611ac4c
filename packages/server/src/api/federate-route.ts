import type { Matcher } from "@avx/model";
import type { QueryEngine, VectorSample } from "@avx/promql";
import { encodeMetricFamilies, METRIC_FAMILY_CONTENT_TYPE, TEXT_CONTENT_TYPE } from "@avx/wire";
import type { FastifyInstance } from "fastify";
import { federationFamilies } from "./federation-families.ts";
import { federationText } from "./federation-text.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import { requestParameters } from "./parameters.ts";
import { requiredSelectors } from "./selector-parameters.ts";

/** What a scraper accepts when it takes native histograms. */
const WANTS_PROTOBUF = /application\/vnd\.google\.protobuf[^,]*encoding=delimited/;

/**
 * `/federate`: the newest sample of every selected series with its time, as text, or as protobuf
 * for scrapers that ask for it: only that has a form for native histograms.
 */
export function registerFederation(
  app: FastifyInstance,
  { engine, nowMs }: { readonly engine: QueryEngine; readonly nowMs: () => number },
): void {
  app.get("/federate", async (request, reply) => {
    const found = new Map<string, VectorSample>();
    const signal = hangUpSignal(reply);
    for (const matchers of requiredSelectors(requestParameters(request))) {
      const query = { query: selectorText(matchers), timeMs: nowMs(), signal };
      const { value } = await engine.instant(query);
      if (value.type !== "vector") continue;
      for (const sample of value.samples) found.set(sample.labels.join("\u0000"), sample);
    }
    const families = federationFamilies(found.values());
    if (WANTS_PROTOBUF.test(request.headers.accept ?? "")) {
      const body = Buffer.from(encodeMetricFamilies(families));
      return reply.type(METRIC_FAMILY_CONTENT_TYPE).send(body);
    }
    return reply.type(TEXT_CONTENT_TYPE).send(federationText(families));
  });
}

function selectorText(matchers: readonly Matcher[]): string {
  const parts = matchers.map(
    ({ name, op, value }) => `${JSON.stringify(name)}${op}${JSON.stringify(value)}`,
  );
  return `{${parts.join(",")}}`;
}
