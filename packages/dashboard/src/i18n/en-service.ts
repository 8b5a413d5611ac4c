/** English texts of the page of a service. */
export const EN_SERVICE = {
  "service.latency": "Latency",
  "service.traffic": "Request rate",
  "service.errors": "Error share",
  "service.saturation": "Saturation",
  "service.empty": "{service} sent nothing in this time range",
  "service.traces": "Traces of this service",
  "service.error-traces": "Traces with errors",
  "service.routes": "Routes",
  "service.routes-note": "last {length}",
  "service.routes-caption": "Routes of {service}, busiest first",
  "service.routes-empty": "No route label on the requests of this range",

  "column.route": "Route",

  "service.forecast": "Rate forecast",
  "service.forecast-fixed": "A forecast starts from now. Go live to see it.",

  "forecast.skill": "{skill} less error than repeating the past",

  "service.anomalies": "Anomalies",
  "service.anomalies-caption": "Anomalies of {service}, newest first",

  "anomaly.mark": "#{number}",

  "series.requests": "Requests",
  "series.errors": "Errors (5xx)",
  "series.event-loop": "Event loop busy",
} as const;
