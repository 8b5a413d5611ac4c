import type { ForecastRefusal } from "@avx/server/contract";
import type { Translate } from "../i18n/translate.ts";

/** Why there is no forecast, other than too little history, in a sentence. */
export function refusalReason(reason: ForecastRefusal, t: Translate): string {
  switch (reason) {
    case "infinite-values":
      return t("forecast.infinite-values");
    case "too-many-gaps":
      return t("forecast.too-many-gaps");
    case "no-better-than-naive":
      return t("forecast.no-better-than-naive");
  }
}
