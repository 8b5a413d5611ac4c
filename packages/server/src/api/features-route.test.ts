import { expect, it } from "vitest";
import { createTestServer } from "./fixtures/test-server.ts";

/** Features by category, as the server answers. */
async function features(argv: readonly string[]): Promise<Record<string, Record<string, boolean>>> {
  const server = await createTestServer(argv);
  const { json } = await server.get("/api/v1/features");
  await server.app.close();
  return (json as { data: Record<string, Record<string, boolean>> }).data;
}

// Names as in cmd/prometheus/testdata/features.json of Prometheus 3.14.
it("features are named as in Prometheus, and experimental ones follow the switch", async () => {
  const stable = await features([]);
  expect(stable).toMatchObject({
    api: { query_stats: true, query_warnings: true, time_range_labels: true },
    promql: { at_modifier: true, subqueries: true, anchored: false, duration_expr: false },
    promql_functions: { rate: true, info: false, mad_over_time: false, avx_forecast: true },
    promql_operators: { "=~": true, topk: true, limitk: false },
  });
  const experimental = await features(["--enable-experimental-functions"]);
  expect(experimental).toMatchObject({
    promql: { anchored: true, fill: true, duration_expr: true },
    promql_functions: { info: true, mad_over_time: true },
    promql_operators: { limitk: true },
  });
});
