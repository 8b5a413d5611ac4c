import { useApp } from "../app-context.ts";
import type { StepGrid } from "../data/query-step.ts";
import { expectedQuery, type QueryScope } from "../data/signal-queries.ts";
import { dataOf } from "../data/use-answer.ts";
import { useRangeQuery } from "../data/use-signals.ts";
import { withExpectedBand } from "./expected-band.ts";
import type { PlotModel } from "./plot-model.ts";

const lowerQuery = (scope: QueryScope): string => expectedQuery(scope, "lower");
const upperQuery = (scope: QueryScope): string => expectedQuery(scope, "upper");

/** Adds the expected band to charts of a service; a chart does not wait for it. */
export function useExpectedBand(
  service: string,
  grid: StepGrid,
): (model: PlotModel, signal: string) => PlotModel {
  const { t } = useApp();
  const lower = dataOf(useRangeQuery(lowerQuery, service, grid));
  const upper = dataOf(useRangeQuery(upperQuery, service, grid));
  const names = { lower: t("series.expected-lower"), upper: t("series.expected-upper") };
  return (model, signal) =>
    lower && upper ? withExpectedBand(model, signal, { bounds: { lower, upper }, names }) : model;
}
