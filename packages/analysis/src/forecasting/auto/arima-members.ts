import { type ArimaChoice, arimaOfChoice, chooseArima } from "../auto-arima.ts";
import { removeSeason } from "../decomposition/classical.ts";
import type { Forecaster } from "../forecaster.ts";
import { logarithms, logOffset, logTransformed } from "../log-transformed.ts";
import {
  classicallyDeseasonalised,
  significantSeason,
} from "../seasonal/classically-deseasonalised.ts";

/** The orders of up to three ARIMA members; absent where no model could be fitted. Plain data. */
export interface ArimaChoices {
  readonly plain?: ArimaChoice | undefined;
  /** Of the logarithms. */
  readonly logarithms?: ArimaChoice | undefined;
  readonly deseasonalised?: ArimaChoice | undefined;
}

/** Orders are chosen on all values, so that the backtest has only coefficients to estimate. */
export function chooseArimas(values: Float64Array, season: number): ArimaChoices {
  const offset = logOffset(values);
  const terms = significantSeason(values, season);
  return {
    plain: chooseArima(values, season),
    logarithms: offset === undefined ? undefined : chooseArima(logarithms(values, offset), season),
    deseasonalised: chooseArima(terms === undefined ? values : removeSeason(values, terms)),
  };
}

/** The members of those orders. */
export function arimaMembers(choices: ArimaChoices, season: number): Forecaster[] {
  const members: Forecaster[] = [];
  if (choices.plain !== undefined) members.push(arimaOfChoice(choices.plain));
  if (choices.logarithms !== undefined) {
    members.push(logTransformed(arimaOfChoice(choices.logarithms)));
  }
  if (choices.deseasonalised !== undefined) {
    const inner = arimaOfChoice(choices.deseasonalised);
    members.push(classicallyDeseasonalised({ seasonSamples: season, inner }));
  }
  return members;
}
