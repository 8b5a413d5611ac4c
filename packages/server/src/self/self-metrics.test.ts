import { readFileSync } from "node:fs";
import { join } from "node:path";
import { labelsFromRecord, labelsToRecord, labelValue, METRIC_NAME } from "@avx/model";
import { createMemoryStore } from "@avx/store";
import { parseTextExposition } from "@avx/wire";
import { expect, it, onTestFinished } from "vitest";
import { createBareApp } from "../api/http-app.ts";
import { OWN_METRICS } from "../capacity/own-resources.ts";
import { createSelfMetrics } from "./self-metrics.ts";

const PAGE = readFileSync(
  join(import.meta.dirname, "../../../../docs/reference/self-metrics.md"),
  "utf8",
);
const NOW = 1_700_000_000_000;

/** The server's metrics after everything that they count has happened. */
async function lived(): Promise<string> {
  const store = createMemoryStore({
    retentionMs: "off",
    nowMs: () => NOW,
    limits: { maxSeries: 1 },
  });
  const series = ["a", "b"].map((job) => ({
    labels: labelsFromRecord({ [METRIC_NAME]: "up", job }),
    timestampsMs: Float64Array.of(NOW - 1, NOW),
    values: Float64Array.of(1, 1),
  }));
  const late = { ...series[0]!, timestampsMs: Float64Array.of(NOW - 9, NOW - 1) };
  await store.metrics.append({ series, metadata: [], exemplars: [] });
  await store.metrics.append({ series: [late], metadata: [], exemplars: [] });
  const self = createSelfMetrics(store);
  onTestFinished(() => self.stop());
  self.ingest.accepted("metrics", 1);
  self.ingest.rejected("metrics", "older than the retention", 1);
  self.ingest.refused("traces", "overloaded");
  self.refused("unauthorized");
  self.anomalyFound("latency");
  self.anomalyWithheld("muted");
  self.observeDetection({ watches: () => 1, dropped: () => 1 });
  self.documentsWritten(1);
  const app = createBareApp(() => {});
  await app.register(self.requests);
  app.get("/ok", async () => "ok");
  app.get("/broken", async () => {
    throw new Error("broken");
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  for (const path of ["/ok", "/broken"]) await (await fetch(url + path)).text();
  const { text } = await self.render("text/plain");
  await app.close();
  return text;
}

it("has the metrics that its page of reference lists, with their types and labels", async () => {
  const { samples, metadata } = parseTextExposition(new TextEncoder().encode(await lived()));
  const told = metadata.filter(({ name }) => !/^(process|nodejs|v8js|avx_sdk)_/.test(name));
  const shown = told.map(({ name, type }) => {
    const labels = new Set<string>();
    for (const sample of samples) {
      if (!labelValue(sample.labels, METRIC_NAME).startsWith(name)) continue;
      for (const label of Object.keys(labelsToRecord(sample.labels))) labels.add(label);
    }
    for (const label of [METRIC_NAME, "le"]) labels.delete(label);
    return `${name} ${type} ${[...labels].sort()}`;
  });
  let before = "";
  const rows = [...PAGE.matchAll(/^\| `(\w+)` \| (\w+) \|([^|]*)\|/gm)];
  const listed = rows.map(([, name, type, labels = ""]) => {
    const own = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label);
    before = labels.trim() === "the same" ? before : String(own);
    return `${name} ${type} ${before}`;
  });
  expect(listed.sort()).toEqual(shown.sort());
  for (const name of Object.values(OWN_METRICS)) expect(PAGE).toContain(`\`${name}\``);
});
