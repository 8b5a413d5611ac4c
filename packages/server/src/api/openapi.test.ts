import fastify from "fastify";
import { describe, expect, it } from "vitest";
import { registerIngest } from "../ingest/ingest-routes.ts";
import { registerAdminRoutes } from "./admin-routes.ts";
import { registerAnomalyRoutes } from "./anomaly-routes.ts";
import { registerAvxRoutes } from "./avx-routes.ts";
import { registerDataRoutes } from "./data-routes.ts";
import { registerFeatures } from "./features-route.ts";
import { registerFederation } from "./federate-route.ts";
import { registerForecastRoutes } from "./forecast-routes.ts";
import { registerLanguageRoutes } from "./language-routes.ts";
import { registerMetricsRoute } from "./metrics-route.ts";
import { DOCUMENTED_PATHS, openapiDocument } from "./openapi.ts";
import { registerQualityRoutes } from "./quality-routes.ts";
import { registerQueryRoutes } from "./query-routes.ts";
import { registerRemoteRead } from "./remote-read-route.ts";
import { registerRuleRoutes } from "./rule-routes.ts";
import { registerScrapePoolRoutes } from "./scrape-pool-routes.ts";
import { registerSearchRoutes } from "./search/search-routes.ts";
import { registerSeriesRoutes } from "./series-routes.ts";
import { registerStatusRoutes } from "./status-routes.ts";
import { registerTargetRoutes } from "./target-routes.ts";
import { registerTraceRoutes } from "./trace-routes.ts";

/** The routes of the API as they are registered; no handler runs, so no port is asked. */
async function registeredPaths(): Promise<Set<string>> {
  const paths = new Set<string>();
  const app = fastify();
  app.addHook("onRoute", (route) => void paths.add(route.url));
  const noPorts = {} as never; // only handlers would read it
  registerQueryRoutes(app, noPorts);
  registerLanguageRoutes(app, noPorts);
  registerSeriesRoutes(app, noPorts, noPorts);
  registerFederation(app, noPorts);
  registerRemoteRead(app, noPorts);
  registerSearchRoutes(app, noPorts);
  registerFeatures(app, noPorts);
  registerStatusRoutes(app, noPorts);
  registerAdminRoutes(app, noPorts);
  registerDataRoutes(app, noPorts);
  registerRuleRoutes(app);
  registerTargetRoutes(app, noPorts);
  registerScrapePoolRoutes(app, noPorts);
  registerAvxRoutes(app, noPorts);
  registerAnomalyRoutes(app, noPorts);
  registerForecastRoutes(app, noPorts);
  registerQualityRoutes(app, noPorts);
  registerTraceRoutes(app, noPorts, noPorts);
  registerMetricsRoute(app, noPorts);
  registerIngest(app, noPorts);
  await app.ready();
  return paths;
}

describe("the OpenAPI document", () => {
  it("describes every route that exists, and no other", async () => {
    expect([...(await registeredPaths())].sort()).toEqual([...DOCUMENTED_PATHS].sort());
  });

  it("gives path parameters in OpenAPI's notation, as required", () => {
    const { paths } = openapiDocument("1.0.0") as { paths: Record<string, never> };
    expect(paths["/api/v1/label/{name}/values"]).toMatchObject({
      get: {
        parameters: expect.arrayContaining([
          expect.objectContaining({ name: "name", in: "path", required: true }),
        ]),
      },
    });
  });
});
