import type { PrometheusClient } from "@prometheus-io/codemirror-promql/dist/esm/client/prometheus.js";
import { type ApiRequest, ask, requestUrl } from "../data/api-client.ts";
import {
  labelNamesRequest,
  labelValuesRequest,
  metadataRequest,
  metricNamesRequest,
} from "../data/explore-requests.ts";

/** How long an answer serves the letters typed after it. */
const KEPT_MS = 60_000;
/** Answers kept for one editor: metrics and their labels that one types in a session. */
const MAX_KEPT = 100;

/** Metrics, labels and values for completion, from the server. What cannot be had completes nothing. */
export function completionSource(nowMs: () => number = Date.now): PrometheusClient {
  const kept = new Map<string, { readonly sinceMs: number; readonly answer: Promise<unknown> }>();
  const closed = new AbortController();
  const recall = <T>(request: ApiRequest<T>, none: T): Promise<T> => {
    const key = requestUrl(request);
    const known = kept.get(key);
    // A URL is asked for by one request with one check, so what is kept under it has its type.
    if (known && nowMs() - known.sinceMs < KEPT_MS) return known.answer as Promise<T>;
    const answer = ask(request, closed.signal).catch(() => {
      kept.delete(key);
      return none;
    });
    kept.delete(key);
    kept.set(key, { sinceMs: nowMs(), answer });
    const [oldest] = kept.keys();
    if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
    return answer;
  };
  return {
    metricNames: async () => [...(await recall(metricNamesRequest(), []))],
    labelNames: async (metric = "") => [...(await recall(labelNamesRequest(metric), []))],
    labelValues: async (label, metric = "") => [
      ...(await recall(
        label === "__name__" ? metricNamesRequest() : labelValuesRequest(metric, label),
        [],
      )),
    ],
    async metricMetadata() {
      const known = await recall(metadataRequest(), new Map());
      return Object.fromEntries([...known].map(([name, info]) => [name, [info]]));
    },
    // Completion asks for neither; the interface wants both.
    series: async () => [],
    flags: async () => ({}),
    destroy: () => closed.abort(),
  };
}
