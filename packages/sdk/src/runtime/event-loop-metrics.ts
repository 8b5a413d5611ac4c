import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { Meter } from "../metrics/meter.ts";

/** Sampling of the delay in ms: finer costs CPU for nothing (prom-client issue 523). */
const DELAY_RESOLUTION_MS = 20;
const NANOS_PER_SECOND = 1e9;
const MILLIS_PER_SECOND = 1000;

/**
 * `nodejs.eventloop.*` of the semantic conventions: how late timers fire, since the last
 * collection, and the share of time in which the loop was busy. Gives the stop function.
 */
export function observeEventLoop(meter: Meter): () => void {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  const gauge = (name: string, description: string) =>
    meter.createObservableGauge(`nodejs.eventloop.delay.${name}`, { unit: "s", description });
  const min = gauge("min", "Event loop minimum delay.");
  const mean = gauge("mean", "Event loop mean delay.");
  const stddev = gauge("stddev", "Event loop standard deviation delay.");
  const p50 = gauge("p50", "Event loop 50 percentile delay.");
  const p90 = gauge("p90", "Event loop 90 percentile delay.");
  const p99 = gauge("p99", "Event loop 99 percentile delay.");
  const max = gauge("max", "Event loop maximum delay.");
  meter.addBatchObservableCallback(
    (result) => {
      // Without a sample since the last collection there is nothing to report.
      if (delay.count === 0) return;
      result.observe(min, delay.min / NANOS_PER_SECOND);
      result.observe(mean, delay.mean / NANOS_PER_SECOND);
      result.observe(stddev, delay.stddev / NANOS_PER_SECOND);
      result.observe(p50, delay.percentile(50) / NANOS_PER_SECOND);
      result.observe(p90, delay.percentile(90) / NANOS_PER_SECOND);
      result.observe(p99, delay.percentile(99) / NANOS_PER_SECOND);
      result.observe(max, delay.max / NANOS_PER_SECOND);
      delay.reset();
    },
    [min, mean, stddev, p50, p90, p99, max],
  );
  observeUtilization(meter);
  return () => delay.disable();
}

function observeUtilization(meter: Meter): void {
  let last = performance.eventLoopUtilization();
  meter
    .createObservableGauge("nodejs.eventloop.utilization", {
      unit: "1",
      description: "Share of time in which the event loop was busy, since the last collection.",
    })
    .addCallback((result) => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      result.observe(utilization);
    });
  meter
    .createObservableCounter("nodejs.eventloop.time", {
      unit: "s",
      description: "Cumulative duration of time the event loop has been in each state.",
    })
    .addCallback((result) => {
      const { active, idle } = performance.eventLoopUtilization();
      result.observe(active / MILLIS_PER_SECOND, { "nodejs.eventloop.state": "active" });
      result.observe(idle / MILLIS_PER_SECOND, { "nodejs.eventloop.state": "idle" });
    });
}
