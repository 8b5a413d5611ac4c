import { setImmediate as nextTurn } from "node:timers/promises";
import type { MetricRegistry } from "../metrics/metric-registry.ts";
import { exposition } from "./exposition.ts";
import {
  EXPOSITION_CONTENT_TYPES,
  negotiatedFormat,
  negotiatedStreamFormat,
} from "./exposition-format.ts";
import { protoExposition } from "./proto-exposition.ts";

/** After this much work in one go the event loop gets a turn. */
const MAX_SLICE_MS = 5;

/** An answer to a scrape. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** An answer to a scrape that is made while it is sent. */
export interface MetricsStream {
  readonly contentType: string;
  /** Bytes of the body, for `Readable.from`. To be read at once: values go on changing. */
  readonly pieces: AsyncGenerator<Uint8Array, void>;
}

/** Collects and renders all metrics as text, in slices that leave the event loop responsive. */
export async function renderMetrics(
  registry: MetricRegistry,
  accept: string | undefined,
): Promise<MetricsPage> {
  const format = negotiatedFormat(accept);
  const meters = await registry.collect();
  let text = "";
  for await (const piece of paced(exposition(meters, format))) text += piece;
  return { contentType: EXPOSITION_CONTENT_TYPES[format], text };
}

/** As `renderMetrics`, in protobuf too, with native histograms, and piece by piece. */
export async function streamMetrics(
  registry: MetricRegistry,
  accept: string | undefined,
): Promise<MetricsStream> {
  const format = negotiatedStreamFormat(accept);
  const meters = await registry.collect();
  const pieces =
    format === "protobuf"
      ? protoExposition(meters, registry.startMs)
      : encoded(exposition(meters, format));
  return { contentType: EXPOSITION_CONTENT_TYPES[format], pieces: paced(pieces) };
}

function* encoded(texts: Iterable<string>): Generator<Uint8Array, void> {
  const encoder = new TextEncoder();
  for (const text of texts) yield encoder.encode(text);
}

/** The pieces that are not empty, with a turn of the event loop after every slice of work. */
async function* paced<T extends { readonly length: number }>(
  pieces: Iterable<T>,
): AsyncGenerator<T, void> {
  let sliceStartMs = performance.now();
  for (const piece of pieces) {
    if (piece.length > 0) yield piece;
    if (performance.now() - sliceStartMs < MAX_SLICE_MS) continue;
    await nextTurn();
    sliceStartMs = performance.now();
  }
}
