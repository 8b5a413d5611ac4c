import type { Translate } from "./i18n/translate.ts";
import type { Route } from "./state/route.ts";

/** The document's title for a route. */
export function pageTitle(route: Route, t: Translate): string {
  return t("title.page", { page: pageName(route, t) });
}

function pageName(route: Route, t: Translate): string {
  switch (route.page) {
    case "services":
      return t("nav.services");
    case "service":
      return route.service;
    case "traces":
      return t("nav.traces");
    case "trace":
      return t("title.trace", { id: route.traceId.slice(0, 8) });
    case "anomalies":
      return t("nav.anomalies");
    case "data":
      return t("nav.data");
    case "explore":
      return t("nav.explore");
    case "capacity":
      return t("nav.capacity");
    case "not-found":
      return t("title.not-found");
  }
}
