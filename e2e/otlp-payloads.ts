/** OTLP JSON requests as a service would send them. Times are Unix ms. */

const nano = (timeMs: number): string => `${BigInt(Math.round(timeMs)) * 1_000_000n}`;

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });

const resource = (service: string) => ({
  attributes: [
    text("service.name", service),
    text("service.instance.id", "one"),
    text("avx.stack", "Avx"),
    text("avx.env", "test"),
  ],
});

/** One cumulative histogram point of request durations: `counts[i]` requests in bucket i. */
export function durationMetrics(options: {
  readonly service: string;
  readonly timeMs: number;
  readonly startMs: number;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
  readonly status?: number;
}) {
  const { service, timeMs, startMs, bounds, counts, sum, status = 200 } = options;
  const point = {
    attributes: [
      text("http.request.method", "GET"),
      text("http.route", "/items/:id"),
      { key: "http.response.status_code", value: { intValue: String(status) } },
    ],
    startTimeUnixNano: nano(startMs),
    timeUnixNano: nano(timeMs),
    count: String(counts.reduce((total, count) => total + count, 0)),
    sum,
    explicitBounds: bounds,
    bucketCounts: counts.map(String),
  };
  const metric = {
    name: "http.server.request.duration",
    unit: "s",
    description: "Duration of HTTP server requests.",
    histogram: { aggregationTemporality: 2, dataPoints: [point] },
  };
  return {
    resourceMetrics: [{ resource: resource(service), scopeMetrics: [{ metrics: [metric] }] }],
  };
}

/** A gauge with one point. */
export function gaugeMetrics(options: {
  readonly service: string;
  readonly name: string;
  readonly timeMs: number;
  readonly value: number;
}) {
  const { service, name, timeMs, value } = options;
  const metric = { name, gauge: { dataPoints: [{ timeUnixNano: nano(timeMs), asDouble: value }] } };
  return {
    resourceMetrics: [{ resource: resource(service), scopeMetrics: [{ metrics: [metric] }] }],
  };
}

/** A server span of 40 ms with one client child. */
export function traceSpans(service: string, traceId: string, startMs: number) {
  const span = (
    names: { spanId: string; parentSpanId: string; name: string },
    offsetMs: number,
  ) => ({
    ...names,
    traceId,
    kind: offsetMs === 0 ? 2 : 3,
    startTimeUnixNano: nano(startMs + offsetMs),
    endTimeUnixNano: nano(startMs + 40 - offsetMs),
    attributes: [text("http.route", "/items/:id")],
    status: {},
  });
  const root = "00f067aa0ba902b7";
  const spans = [
    span({ spanId: root, parentSpanId: "", name: "GET /items/:id" }, 0),
    span({ spanId: "00f067aa0ba902b8", parentSpanId: root, name: "GET upstream" }, 5),
  ];
  return { resourceSpans: [{ resource: resource(service), scopeSpans: [{ spans }] }] };
}

/** Posts a request as JSON and gives status and parsed answer. */
export async function postJson(url: string, body: unknown) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}
