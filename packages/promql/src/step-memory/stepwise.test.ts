import { describe, expect, it } from "vitest";
import { AVX_SIGNATURES } from "../avx-functions/avx-functions.ts";
import { parseExpr } from "../parser/parse.ts";
import { ALL_EXPERIMENTAL } from "../parser/parse-options.ts";
import { isStepwise, readsOnlyThePast } from "./stepwise.ts";

const OPTIONS = { ...ALL_EXPERIMENTAL, extraFunctions: AVX_SIGNATURES };

describe("readsOnlyThePast", () => {
  it.each(["rate(x[5m] offset 1h)", "sum(x) by (a) / y", "max_over_time(rate(x[1m])[1h:])", "1"])(
    "holds for %s",
    (query) => expect(readsOnlyThePast(parseExpr(query))).toBe(true),
  );
  it.each([
    "x offset -1m",
    "sum(y + x @ 5)",
    "x @ end()",
    "max_over_time(x[1h:] offset -5m)",
    "rate(x[1m] smoothed)",
    "x offset (step() * -1)",
  ])("does not hold for %s", (query) => {
    expect(readsOnlyThePast(parseExpr(query, OPTIONS))).toBe(false);
  });
});

describe("isStepwise", () => {
  it.each([
    "sum by (a) (rate(x[5m] offset 1h)) / on (a) y > bool 0.5",
    "histogram_quantile(0.9, sum by (le) (rate(x_bucket[1m])))",
    "topk(3, max_over_time(rate(x[1m])[1h:30s]))",
    "vector(time())",
  ])("holds for %s", (query) => expect(isStepwise(parseExpr(query, OPTIONS))).toBe(true));

  it.each([
    "x + end()",
    "rate(x[step()])",
    "max_over_time(x[1h:range()])",
    "x @ start()",
    "limitk(2, x)",
    "limit_ratio(0.5, x)",
    "info(x)",
    "sum(avx_anomaly_score(x[5m]))",
    "avx_forecast(x[1d], 60)",
  ])("does not hold for %s", (query) => {
    expect(isStepwise(parseExpr(query, OPTIONS))).toBe(false);
  });
});
