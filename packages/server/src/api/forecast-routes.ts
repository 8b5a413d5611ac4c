import type { FastifyInstance } from "fastify";
import type { Capacity } from "../capacity/capacity.ts";
import type { CapacityAnswer, ForecastAnswer, ForecastQueryAnswer } from "../contract.ts";
import { type ExpressionPorts, forecastExpression } from "../forecasts/forecast-expression.ts";
import { parseForecastRequest } from "../forecasts/forecast-request.ts";
import { forecastRequestRate } from "../signals/forecast-rate.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import { integerParameter, invalid, requestParameters } from "./parameters.ts";

/** What the forecast routes ask. */
export interface ForecastPorts extends ExpressionPorts {
  readonly capacity: Capacity;
  readonly nowMs: () => number;
}

const HOUR_MS = 3_600_000;
/** A day of minutes. */
const MAX_FORECAST_STEPS = 1440;

/** `/api/avx/forecast`: GET of a service's request rate, POST of any expression; `/api/avx/capacity`. */
export function registerForecastRoutes(
  app: FastifyInstance,
  { engine, fits, capacity, nowMs }: ForecastPorts,
): void {
  app.get("/api/avx/forecast", async (request): Promise<ForecastAnswer> => {
    const parameters = requestParameters(request);
    const service = parameters.get("service");
    if (service === null || service === "") throw invalid("service", "no service given");
    const steps = integerParameter(parameters, "steps", {
      min: 1,
      max: MAX_FORECAST_STEPS,
      fallback: 30,
    });
    const stepMs = integerParameter(parameters, "stepMs", {
      min: 5000,
      max: HOUR_MS,
      fallback: 60_000,
    });
    const asked = { service, steps, stepMs, nowMs: nowMs(), mode: "auto", urgent: true } as const;
    return forecastRequestRate({ engine, fits }, asked);
  });

  app.post("/api/avx/forecast", (request, reply): Promise<ForecastQueryAnswer> => {
    const asked = parseForecastRequest(request.body, nowMs());
    return forecastExpression({ engine, fits }, asked, hangUpSignal(reply));
  });

  app.get("/api/avx/capacity", (): Promise<CapacityAnswer> => capacity.current());
}
