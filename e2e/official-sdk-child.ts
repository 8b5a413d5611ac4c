/**
 * A service under the official OpenTelemetry SDK, set up by OTEL_* variables alone: one span with a
 * child, a counter, a histogram and a log record, then it flushes and ends.
 */
import { metrics, SpanStatusCode, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();
const tracer = trace.getTracer("child");
tracer.startActiveSpan("GET /orders", (parent) => {
  tracer.startSpan("load orders").end();
  parent.setStatus({ code: SpanStatusCode.ERROR, message: "no orders" });
  parent.end();
});
const meter = metrics.getMeter("child");
meter.createCounter("orders").add(3, { shop: "north" });
meter.createHistogram("wait", { unit: "s" }).record(0.25);
logs.getLogger("child").emit({ body: "out of orders", severityText: "WARN", severityNumber: 13 });
await sdk.shutdown();
