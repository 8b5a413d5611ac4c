import { labelsToRecord, type Matcher, METRIC_NAME } from "@avx/model";
import type { QueryEngine, VectorSample } from "@avx/promql";
import type { FastifyInstance } from "fastify";
import { hangUpSignal } from "./hang-up-signal.ts";
import { sampleText } from "./number-text.ts";
import { requestParameters } from "./parameters.ts";
import { requiredSelectors } from "./selector-parameters.ts";

/** `/federate`: the newest sample of every selected series as Prometheus text with timestamps. */
export function registerFederation(
  app: FastifyInstance,
  { engine, nowMs }: { readonly engine: QueryEngine; readonly nowMs: () => number },
): void {
  app.get("/federate", async (request, reply) => {
    const found = new Map<string, VectorSample>();
    const signal = hangUpSignal(reply);
    for (const matchers of requiredSelectors(requestParameters(request))) {
      const { value } = await engine.instant({
        query: selectorText(matchers),
        timeMs: nowMs(),
        signal,
      });
      if (value.type !== "vector") continue;
      for (const sample of value.samples) found.set(sample.labels.join("\u0000"), sample);
    }
    const lines = [...found.values()]
      .filter((sample) => sample.histogram === undefined)
      .map(sampleLine)
      .sort();
    return reply.type("text/plain; version=0.0.4; charset=utf-8").send(lines.join(""));
  });
}

function selectorText(matchers: readonly Matcher[]): string {
  const parts = matchers.map(
    ({ name, op, value }) => `${JSON.stringify(name)}${op}${JSON.stringify(value)}`,
  );
  return `{${parts.join(",")}}`;
}

function sampleLine({ labels, value, timestampMs }: VectorSample): string {
  const { [METRIC_NAME]: name = "", ...rest } = labelsToRecord(labels);
  const pairs = Object.entries(rest).map(([label, text]) => `${label}="${escapeValue(text)}"`);
  const series = pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`;
  return `${series} ${sampleText(value)} ${timestampMs}\n`;
}

function escapeValue(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}
