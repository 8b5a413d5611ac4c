import type { Attributes, Context } from "@opentelemetry/api";
import type {
  BoundCounter,
  BoundGauge,
  BoundHistogram,
  Counter,
  Gauge,
  Histogram,
} from "../bound-instruments.ts";

/** A counter that several views have made several metrics of; by none, one that does nothing. */
export function fanOutCounter(parts: readonly Counter[]): Counter {
  return {
    add(value: number, attributes?: Attributes): void {
      for (const part of parts) part.add(value, attributes);
    },
    bind(attributes?: Attributes): BoundCounter {
      const bound = parts.map((part) => part.bind(attributes));
      return {
        add(value?: number): void {
          for (const one of bound) one.add(value);
        },
      };
    },
  };
}

/** As `fanOutCounter`, of a gauge. */
export function fanOutGauge(parts: readonly Gauge[]): Gauge {
  return {
    record(value: number, attributes?: Attributes): void {
      for (const part of parts) part.record(value, attributes);
    },
    bind(attributes?: Attributes): BoundGauge {
      const bound = parts.map((part) => part.bind(attributes));
      return {
        record(value: number): void {
          for (const one of bound) one.record(value);
        },
      };
    },
  };
}

/** As `fanOutCounter`, of a histogram. */
export function fanOutHistogram(parts: readonly Histogram[]): Histogram {
  return {
    record(value: number, attributes?: Attributes, context?: Context): void {
      for (const part of parts) part.record(value, attributes, context);
    },
    bind(attributes?: Attributes): BoundHistogram {
      const bound = parts.map((part) => part.bind(attributes));
      return {
        record(value, span): void {
          for (const one of bound) one.record(value, span);
        },
      };
    },
  };
}
