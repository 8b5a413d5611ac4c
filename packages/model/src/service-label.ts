import { type Labels, labelValue } from "./labels.ts";

/** The label that names the service of a series: of an OTLP resource, else the job of a scrape. */
export function serviceLabel(labels: Labels): "service_name" | "job" {
  return labelValue(labels, "service_name") === "" ? "job" : "service_name";
}

/** The service of a series; "" when no label names one. */
export function serviceOf(labels: Labels): string {
  return labelValue(labels, serviceLabel(labels));
}
