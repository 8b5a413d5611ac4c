import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { Lazy } from "../lazy.tsx";
import { NotFoundRoute } from "./not-found-route.tsx";

const loadServices = () => import("./services-route.tsx").then((module) => module.ServicesRoute);
const loadService = () => import("./service-route.tsx").then((module) => module.ServiceRoute);
const loadTraces = () => import("./traces-route.tsx").then((module) => module.TracesRoute);
const loadAnomalies = () => import("./anomalies-route.tsx").then((module) => module.AnomaliesRoute);
const loadExplore = () => import("./explore-route.tsx").then((module) => module.ExploreRoute);
const loadCapacity = () => import("./capacity-route.tsx").then((module) => module.CapacityRoute);
const loadTrace = () => import("./trace-route.tsx").then((module) => module.TraceRoute);

/** The page of the present route; each has a bundle of its own. */
export function RouteOutlet(): VNode {
  const { route } = useApp().view;
  switch (route.page) {
    case "services":
      return <Lazy key="services" load={loadServices} props={{}} />;
    case "service":
      return <Lazy key="service" load={loadService} props={{ service: route.service }} />;
    case "traces":
      return <Lazy key="traces" load={loadTraces} props={{}} />;
    case "trace":
      return <Lazy key="trace" load={loadTrace} props={{ traceId: route.traceId }} />;
    case "anomalies":
      return <Lazy key="anomalies" load={loadAnomalies} props={{}} />;
    case "explore":
      return <Lazy key="explore" load={loadExplore} props={{}} />;
    case "capacity":
      return <Lazy key="capacity" load={loadCapacity} props={{}} />;
    case "not-found":
      return <NotFoundRoute path={route.path} />;
  }
}
