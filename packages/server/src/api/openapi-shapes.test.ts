import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

/** The description that Prometheus 3.14 serves of its API; it lies beside the checkout. */
const DOCUMENT = join(
  import.meta.dirname,
  "../../../../../shared/data/prometheus-api/openapi-3.1.yaml",
);
const SKIPPED = `no ${DOCUMENT}: web/api/v1/testdata/openapi_3.1_golden.yaml of Prometheus 3.14 goes there`;

const NOW = NOW_MS / 1000;
const RANGE = `start=${NOW - 60}&end=${NOW}&step=15`;

/** Path of the description and the request. A string answer is left out: its schema forbids the time. */
const REQUESTS: readonly (readonly [string, string])[] = [
  ["/query", "/query?query=up"],
  ["/query", "/query?query=1"],
  ["/query", "/query?query=up[5m]"],
  ["/query", "/query?query=up&stats=true"],
  ["/query_range", `/query_range?query=rate(up[1m])&stats=all&${RANGE}`],
  ["/query_range", `/query_range?query=up&${RANGE}`],
  ["/query_exemplars", "/query_exemplars?query=up"],
  ["/format_query", "/format_query?query=up"],
  ["/parse_query", "/parse_query?query=up"],
  ["/labels", "/labels"],
  ["/label/{name}/values", "/label/job/values"],
  ["/series", "/series?match[]=up"],
  ["/metadata", "/metadata"],
  ["/targets", "/targets"],
  ["/targets/metadata", "/targets/metadata"],
  ["/scrape_pools", "/scrape_pools"],
  ["/rules", "/rules"],
  ["/alerts", "/alerts"],
  ["/alertmanagers", "/alertmanagers"],
  ["/status/config", "/status/config"],
  ["/status/flags", "/status/flags"],
  ["/status/tsdb", "/status/tsdb"],
  ["/status/runtimeinfo", "/status/runtimeinfo"],
  ["/status/buildinfo", "/status/buildinfo"],
  ["/notifications", "/notifications"],
  ["/features", "/features"],
  ["/status/walreplay", "/status/walreplay"],
  ["/status/tsdb/blocks", "/status/tsdb/blocks"],
];

/** Where our answers differ on purpose; docs/reference/http-api.md says why. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["/status/runtimeinfo", "must have required property 'corruptionCount'"],
  ["/status/buildinfo", "must NOT have additional properties"],
]);

describe.skipIf(!existsSync(DOCUMENT))(
  existsSync(DOCUMENT) ? "Prometheus' own schemas" : SKIPPED,
  () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    let document: { paths: Record<string, { get: { responses: Record<string, SchemaAnswer> } }> };
    let server: TestServer;

    beforeAll(async () => {
      document = parse(readFileSync(DOCUMENT, "utf8"));
      ajv.addSchema(document, "api");
      server = await createTestServer();
      await server.add({ series: [evenSeries({ __name__: "up", job: "api" }, [1, 0, 1])] });
    });
    afterAll(() => server.app.close());

    it.each(REQUESTS)("describe the answer of %s (%s)", async (path, request) => {
      const { status, json } = await server.get(`/api/v1${request}`);
      expect(status).toBe(200);
      const reference =
        document.paths[path]?.get.responses["200"]?.content["application/json"].schema;
      const validate = ajv.compile({ $ref: `api${reference?.$ref}` });
      validate(json);
      expect(validate.errors?.[0]?.message).toBe(DIFFERENCES.get(path));
    });
  },
);

interface SchemaAnswer {
  readonly content: { readonly "application/json": { readonly schema: { readonly $ref: string } } };
}
