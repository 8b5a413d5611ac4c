import type { Meter } from "../metrics/meter.ts";
import { spanBytes } from "../overhead/memory-estimates.ts";
import type { OwnMemory } from "../overhead/own-memory.ts";
import { AvxTracer, type TracerOptions } from "./avx-tracer.ts";
import type { SpanSink } from "./recorded-span.ts";
import type { SamplerChoice } from "./sampler-choice.ts";
import { TailBuffer } from "./tail-buffer.ts";

/** Gives the tracer of a scope, the same one each time. */
export function tracers(options: Omit<TracerOptions, "scope">) {
  const byScope = new Map<string, AvxTracer>();
  return (name: string, version = ""): AvxTracer => {
    const key = `${name} ${version}`;
    const scope = { name, version };
    const tracer = byScope.get(key) ?? new AvxTracer({ ...options, scope });
    byScope.set(key, tracer);
    return tracer;
  };
}

/** Who counts what the tail buffer holds and drops. */
export interface TailPorts {
  readonly meter: Meter;
  readonly memory: OwnMemory;
}

/** With a tail sampler, spans pass its buffer before they are sent. */
export function tailSink({ slowMs }: SamplerChoice, sink: SpanSink, ports: TailPorts): SpanSink {
  if (slowMs === undefined) return sink;
  const dropped = ports.meter
    .createCounter("avx.sdk.tail_buffer.dropped", {
      description: "Spans given up before their trace was decided: the tail buffer was full.",
      unit: "{span}",
    })
    .bind();
  const buffer = new TailBuffer({ slowMs, sink, dropped: (spans) => dropped.add(spans) });
  ports.memory.add("tail_buffer", { bytes: () => buffer.waitingBytes(spanBytes) });
  return (span) => buffer.push(span);
}
