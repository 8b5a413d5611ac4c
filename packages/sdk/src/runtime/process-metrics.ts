import type { Meter } from "../metrics/meter.ts";

const MICROS_PER_SECOND = 1e6;

/** `process.*`: CPU time, resident memory, uptime, and what keeps the event loop alive. */
export function observeProcess(meter: Meter): void {
  meter
    .createObservableCounter("process.cpu.time", {
      unit: "s",
      description: "Total CPU seconds broken down by mode.",
    })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe(user / MICROS_PER_SECOND, { "cpu.mode": "user" });
      result.observe(system / MICROS_PER_SECOND, { "cpu.mode": "system" });
    });
  meter
    .createObservableUpDownCounter("process.memory.usage", {
      unit: "By",
      description: "The amount of physical memory in use.",
    })
    .addCallback((result) => result.observe(process.memoryUsage.rss()));
  meter
    .createObservableGauge("process.uptime", {
      unit: "s",
      description: "The time the process has been running.",
    })
    .addCallback((result) => result.observe(process.uptime()));
  meter
    .createObservableGauge("v8js.resource.active", {
      unit: "{resource}",
      description: "Handles and requests that keep the event loop alive, by type.",
    })
    .addCallback((result) => {
      const counts = new Map<string, number>();
      for (const type of process.getActiveResourcesInfo()) {
        counts.set(type, (counts.get(type) ?? 0) + 1);
      }
      for (const [type, count] of counts) result.observe(count, { "v8js.resource.type": type });
    });
}
