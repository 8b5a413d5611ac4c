import { describe, expect, it } from "vitest";
import { callsOwnFunctions } from "./own-functions.ts";

describe("callsOwnFunctions", () => {
  it.each(["avx_forecast(x[1h], 60)", "sum(avx_forecast_upper (x[1h], 60)) > 2"])(
    "finds %s",
    (text) => expect(callsOwnFunctions(text)).toBe(true),
  );

  it.each(["avx_forecast_mean", 'rate(avx_rejected_total{signal="x"}[5m])', "sum(up)"])(
    "leaves %s to Prometheus' own check",
    (text) => expect(callsOwnFunctions(text)).toBe(false),
  );
});
