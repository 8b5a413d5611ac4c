import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { TextPart } from "../i18n/load-texts.ts";
import { Lazy } from "../lazy.tsx";
import type { Route } from "../state/route.ts";
import { NotFoundRoute } from "./not-found-route.tsx";

/** The pages, each with a bundle of its own. */
const PAGES = {
  services: () => import("./services-route.tsx").then((module) => module.ServicesRoute),
  service: () => import("./service-route.tsx").then((module) => module.ServiceRoute),
  traces: () => import("./traces-route.tsx").then((module) => module.TracesRoute),
  trace: () => import("./trace-route.tsx").then((module) => module.TraceRoute),
  anomalies: () => import("./anomalies-route.tsx").then((module) => module.AnomaliesRoute),
  explore: () => import("./explore-route.tsx").then((module) => module.ExploreRoute),
  data: () => import("./data-route.tsx").then((module) => module.DataRoute),
  capacity: () => import("./capacity-route.tsx").then((module) => module.CapacityRoute),
};

/** The texts of each page, besides those that all pages have. */
export const PAGE_TEXTS: Readonly<Record<keyof typeof PAGES, readonly TextPart[]>> = {
  services: [],
  service: ["service", "quality"],
  traces: ["trace"],
  trace: ["trace"],
  anomalies: ["anomalies", "quality"],
  explore: ["explore"],
  data: ["data", "quality", "capacity"],
  capacity: ["capacity"],
};

/** Begins to load the code of the first page beside its texts. A failure is shown where it is drawn. */
export function preloadPage(page: Route["page"]): void {
  if (page !== "not-found") PAGES[page]().catch(() => {});
}

/** The page of the present route. */
export function RouteOutlet(): VNode {
  const { route } = useApp().view;
  const { page } = route;
  if (page === "not-found") return <NotFoundRoute path={route.path} />;
  const texts = PAGE_TEXTS[page];
  if (page === "service")
    return <Lazy key={page} load={PAGES[page]} texts={texts} props={{ service: route.service }} />;
  if (page === "trace")
    return <Lazy key={page} load={PAGES[page]} texts={texts} props={{ traceId: route.traceId }} />;
  return <Lazy key={page} load={PAGES[page]} texts={texts} props={{}} />;
}
