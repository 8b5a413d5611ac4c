import { setImmediate as nextTurn } from "node:timers/promises";
import type { MetricRegistry } from "../metrics/metric-registry.ts";
import { exposition } from "./exposition.ts";
import { EXPOSITION_CONTENT_TYPES, negotiatedFormat } from "./exposition-format.ts";

/** After this much work in one go the event loop gets a turn. */
const MAX_SLICE_MS = 5;

/** An answer to a scrape. */
export interface MetricsPage {
  readonly contentType: string;
  readonly text: string;
}

/** Collects and renders all metrics, in slices that leave the event loop responsive. */
export async function renderMetrics(
  registry: MetricRegistry,
  accept: string | undefined,
): Promise<MetricsPage> {
  const format = negotiatedFormat(accept);
  const meters = await registry.collect();
  let text = "";
  let sliceStartMs = performance.now();
  for (const piece of exposition(meters, format)) {
    text += piece;
    if (performance.now() - sliceStartMs < MAX_SLICE_MS) continue;
    await nextTurn();
    sliceStartMs = performance.now();
  }
  return { contentType: EXPOSITION_CONTENT_TYPES[format], text };
}
