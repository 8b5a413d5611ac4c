import type { ForecastBody, ForecastQueryAnswer } from "@avx/server/contract";

/** `POST /api/avx/forecast`: a fan around 0.5 that opens; error shares cannot be told. */
export function fakeExpressionForecast(text: string): ForecastQueryAnswer {
  // The page's own request; the real server checks each field.
  const body = JSON.parse(text) as ForecastBody;
  const { steps = 1, stepMs = 60_000 } = body;
  const endMs = Number(body.end) * 1000;
  const shared = { backtest: null, level: 0.95, stepMs };
  if (body.query.includes('"5..'))
    return {
      ...{ kind: "refused", reason: "no-better-than-naive", haveSamples: 90, backtest: null },
      neededSamples: null,
    };
  const ahead = Array.from({ length: steps }, (_, i) => i + 1);
  return {
    ...{ kind: "forecast", model: "60 % theta + 40 % drift", members: [], seasonSamples: [] },
    ...{ ...shared, historySamples: 90, filledRatio: 0, isForecastable: null },
    timestampsMs: ahead.map((step) => endMs + step * stepMs),
    mean: ahead.map(() => 0.5),
    lower: ahead.map((step) => 0.5 - 0.1 * Math.sqrt(step / steps)),
    upper: ahead.map((step) => 0.5 + 0.1 * Math.sqrt(step / steps)),
  };
}
