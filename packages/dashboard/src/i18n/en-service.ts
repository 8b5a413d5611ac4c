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

  "quality.title": "Data quality",
  "quality.what": "the data quality",
  "quality.caption": "Data quality of {service}, last {length}",
  "quality.empty": "No sample of the golden signals in the last quarter of an hour",
  "quality.overall": "Overall",
  "quality.accuracy": "Accuracy",
  "quality.completeness": "Completeness",
  "quality.consistency": "Consistency",
  "quality.validity": "Validity",
  "quality.whole": "Nothing to complain of",
  "quality.low-accuracy": "{share} of the values are far from all others",
  "quality.low-completeness": "{share} of the samples are missing",
  "quality.low-consistency": "{share} of the steps are jumps",
  "quality.low-validity": "{share} of the values cannot be",
} as const;
