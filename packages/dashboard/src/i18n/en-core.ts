/**
 * English texts of what every page may show, and of the services page. `{name}` is filled in; an
 * object chooses by the plural rule of `count`.
 */
export const EN_CORE = {
  "app.name": "AVX Telemetry",
  "app.skip": "Skip to content",

  "nav.label": "Pages",
  "nav.services": "Services",
  "nav.traces": "Traces",
  "nav.explore": "Metrics",
  "nav.capacity": "Capacity",
  "nav.data": "Data",

  "title.page": "{page} · AVX Telemetry",
  "title.trace": "Trace {id}",
  "title.not-found": "Page not found",

  "filter.service": "Service",
  "filter.all-services": "All services",

  "range.label": "Time range",
  "range.last": "Last {length}",
  "range.open": "Time range: {range}. Choose another",
  "range.from": "From",
  "range.to": "To",
  "range.hint": "Relative as now-2h or now-1h30m, or a local time as 2026-11-24 14:30",
  "range.apply": "Apply",
  "range.invalid":
    "Not a time range: write now-2h or 2026-11-24 14:30, with the start at least 10 s before the end",
  "range.earlier": "Earlier",
  "range.later": "Later",
  "range.widen": "Zoom out",

  "live.pause": "Pause",
  "live.resume": "Go live",
  "live.refresh": "Refresh",
  "live.on": "Live, every {length}",
  "live.off": "Fixed window",

  "language.label": "Language",
  "language.en": "English",
  "language.pt-BR": "Português (Brasil)",

  "theme.to-dark": "Switch to dark theme",
  "theme.to-light": "Switch to light theme",

  "palette.open": "Commands",

  "help.open": "Keyboard shortcuts",

  "state.loading-what": "Loading {what}…",
  "state.slow": "Still waiting. The server has taken {length} so far.",
  "state.error": "Could not load {what}",
  "state.error-network": "The server does not answer. Is it running?",
  "state.error-timeout": "No answer within {length}. A shorter time range may be faster.",
  "state.error-answer": "The answer could not be understood: {detail}",
  "state.error-http": "The server answered {status}: {detail}",
  "state.retry": "Try again",
  "state.stale": "Showing data from {time} ({ago}): refreshing fails",
  "state.stale-short": "Not refreshed since {time}",
  "state.widen": "Show the last {length}",

  "status.ok": "Healthy",
  "status.degraded": "Degraded",
  "status.failing": "Failing",
  "status.stale": "No data",

  "signal.latency": "Latency",
  "signal.traffic": "Traffic",
  "signal.errors": "Errors",
  "signal.saturation": "Saturation",

  "services.what": "the services",
  "services.all-ok": { one: "{count} service, healthy", other: "All {count} services are healthy" },
  "services.attention": {
    one: "{count} of {total} services needs attention: {names}",
    other: "{count} of {total} services need attention: {names}",
  },
  "services.and-more": "{names} and {rest} more",
  "services.empty": "No service has sent data in this time range",
  "services.empty-step": "Send OpenTelemetry data to this server, or look at a longer time range:",
  "services.empty-filter": "No data of {service} in this time range",
  "services.filter-clear": "Show all services",
  "services.caption": "Services, worst first",

  "column.service": "Service",
  "column.status": "Status",
  "column.rate": "Rate",
  "column.errors": "Errors",
  "column.trend": "Rate, this range",
  "column.anomalies": "Open anomalies",
  "column.ribbon": "Anomaly score, 1 h",
  "ribbon.none": "Anomaly score of {service}: not judged in this hour",
  "ribbon.summary": {
    one: "Anomaly score of {service} in an hour: highest {score} at {time}, {count} minute with an anomaly. The arrow keys choose a minute",
    other:
      "Anomaly score of {service} in an hour: highest {score} at {time}, {count} minutes with an anomaly. The arrow keys choose a minute",
  },
  "ribbon.cell": {
    one: "{time}: score {score}, {count} anomaly",
    other: "{time}: score {score}, {count} anomalies",
  },

  "services.reason-errors": "Errors {value}",
  "services.reason-anomaly": "{signal} {value} since {time}, expected at most {upper}",
  "services.reason-anomaly-plain": "{signal} {value} since {time}",
  "services.reason-stale": "Last data {ago}",
  "services.spark": "Request rate: lowest {min}, highest {max}, now {last}",
  "services.spark-empty": "Request rate: no data",
  "services.chart-rate": "Request rate by service",
  "services.chart-errors": "Error share by service",
  "services.chart-p99": "Latency p99 by service",

  "service.empty-step": "Look at a longer time range, or check that the service is running:",
  "service.forecast-note": "{model}, {level} interval",
  "service.forecast-short":
    "Not enough history for a forecast: has {have} samples, needs {needed}. It appears by itself.",

  "forecast.infinite-values": "No forecast: the history has infinite values.",
  "forecast.too-many-gaps": "No forecast: the history is mostly gaps.",
  "forecast.no-better-than-naive":
    "No forecast: tested on its own past, no model was better than repeating it.",

  "service.no-anomalies": "No anomaly in this time range",

  "traces.recent": "Recent traces",
  "traces.recent-caption": "Recent traces of all services",

  "service.recent-caption": "Recent traces of {service}",

  "anomaly.name": "Anomaly {number}",
  "anomaly.name-signal": "{name}: {signal}",
  "anomaly.recent": "Recent anomalies",
  "anomaly.recent-caption": "Anomalies of all services, newest first",
  "anomaly.show": "Show {name} on the charts",

  "column.anomaly": "Anomaly",
  "column.when": "When",
  "column.peak": "Peak",
  "column.expected": "Expected",

  "anomaly.score": "{detector}: score {score}, threshold {threshold}",
  "anomaly.between": "{lower} to {upper}",
  "anomaly.at-most": "at most {upper}",
  "anomaly.at-least": "at least {lower}",

  "series.p50": "p50",
  "series.p95": "p95",
  "series.p99": "p99",
  "series.actual": "Measured",
  "series.forecast": "Forecast",
  "series.lower": "Lower",
  "series.upper": "Upper",
  "series.other": { one: "Other ({count})", other: "Others ({count})" },

  "chart.empty": "No samples in this time range",
  "chart.summary": "{title} in {unit}, {range}. {series}",
  "chart.summary-series": "{name}: last {last}, highest {max} at {time}.",
  "chart.summary-none": "No samples.",
  "chart.summary-anomalies": { one: "{count} anomaly.", other: "{count} anomalies." },
  "chart.forecast": "Forecast",
  "chart.fan": "{line}, forecast",
  "chart.fan-lower": "{line}, lower bound",
  "chart.fan-upper": "{line}, upper bound",
  "chart.fan-end": "forecast",
  "chart.fans": "Forecast of {lines}",
  "chart.fans-most": {
    one: "the first {count} visible; choose others in the legend",
    other: "the first {count} visible; choose others in the legend",
  },
  "chart.table-show": "Table",
  "chart.table-hide": "Chart",
  "chart.table-of": "Data of {title} as a table",
  "chart.table-rows": { one: "Newest {count} row", other: "Newest {count} rows" },
  "chart.time": "Time",
  "chart.last": "last",
  "chart.max": "max",
  "chart.legend": "Series of {title}",
  "chart.no-value": "no sample",
  "chart.hint": "Arrow keys move the cursor, t shows the data as a table",

  "unit.s": "seconds",
  "unit.rate": "requests per second",
  "unit.ratio": "percent",
  "unit.count": "count",
  "unit.bytes": "bytes",
  "unit.byte-rate": "bytes per second",

  "traces.what": "the traces",
  "traces.empty": "No trace matches in this time range",

  "column.start": "Start",
  "column.trace": "Trace",
  "column.duration": "Duration",
  "column.spans": "Spans",
  "column.services": "Services",

  "traces.errors": { one: "{count} error", other: "{count} errors" },
  "traces.no-errors": "none",

  "not-found.title": "There is no page here",
  "not-found.step": "Go to the services",

  "nav.anomalies": "Anomalies",

  "series.expected-lower": "Expected from",
  "series.expected-upper": "Expected to",

  "reason.jump-up": "Jumped up",
  "reason.jump-down": "Jumped down",
  "reason.burst-up": "Short burst up",
  "reason.burst-down": "Short dip",
  "reason.shift-up": "Shifted up",
  "reason.shift-down": "Shifted down",
  "reason.drift-up": "Drifting up",
  "reason.drift-down": "Drifting down",
  "reason.extreme-up": "Higher than ever",
  "reason.extreme-down": "Lower than ever",
  "reason.season-up": "High for this time of day",
  "reason.season-down": "Low for this time of day",
  "reason.variance": "Unusually unsteady",
  "reason.pattern": "A course not seen lately",
  "reason.flat-line": "Stuck at one value",
  "reason.absent": "No samples",

  "signal.metric": "Metric",
} as const;
