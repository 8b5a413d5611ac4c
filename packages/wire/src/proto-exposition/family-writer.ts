import { ProtoWriter } from "../protobuf/writer.ts";
import { writeProtoHistogram, writeTimestamp } from "./histogram-fields.ts";
import type { ProtoFamilyHead, ProtoMetric } from "./proto-metric.ts";

/** Numbers of the enum MetricType in client_model's metrics.proto. */
const TYPE_NUMBERS = { counter: 0, gauge: 1, histogram: 4 } as const;

/**
 * Writes one `io.prometheus.client.MetricFamily` of a delimited stream, series by series, so that
 * the caller can pause in between. The content type is `METRIC_FAMILY_CONTENT_TYPE`.
 * https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
 */
export class ProtoFamilyWriter {
  readonly #head: ProtoFamilyHead;
  readonly #metrics = new ProtoWriter();

  constructor(head: ProtoFamilyHead) {
    this.#head = head;
  }

  /** Adds one series, whose data must be of the family's kind. */
  add({ labels, startMs, data }: ProtoMetric): void {
    const writer = this.#metrics;
    const metric = writer.begin(4);
    writeLabels(writer, labels);
    if (data.kind === "gauge") {
      const gauge = writer.begin(2);
      writer.doubleAlways(1, data.value);
      writer.end(gauge);
    } else if (data.kind === "counter") {
      const counter = writer.begin(3);
      writer.doubleAlways(1, data.value);
      writeTimestamp(writer, 3, startMs);
      writer.end(counter);
    } else writeProtoHistogram(writer, data, startMs);
    writer.end(metric);
  }

  /** The whole family, behind its length, in two pieces. */
  finish(): Uint8Array[] {
    const { name, help, unit, kind } = this.#head;
    const head = new ProtoWriter();
    head.string(1, name);
    head.string(2, help);
    head.uintAlways(3, TYPE_NUMBERS[kind]);
    head.string(5, unit);
    const headBytes = head.finish();
    const metrics = this.#metrics.finish();
    const length = new ProtoWriter();
    length.varintRaw(headBytes.length + metrics.length);
    return [length.finish(), headBytes, metrics];
  }
}

function writeLabels(writer: ProtoWriter, labels: readonly string[]): void {
  for (let i = 0; i < labels.length; i += 2) {
    const pair = writer.begin(1);
    writer.stringAlways(1, labels[i]!);
    writer.stringAlways(2, labels[i + 1]!);
    writer.end(pair);
  }
}
