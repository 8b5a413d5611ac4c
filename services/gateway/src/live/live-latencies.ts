import { LatencyCollector, type LatencyColumns, type Telemetry } from "@avx/sdk";

/** The window of every `/metrics/*` answer. */
export const WINDOW_MS = 300_000;

/** More than 200 requests a second for five minutes; of faster traffic the latest are kept. */
const CAPACITY = 65_536;

/** The latencies of the requests that the gateway itself has forwarded. */
export class LiveLatencies {
  readonly #collector = new LatencyCollector(CAPACITY);

  /** Follows the requests of one route, so that scrapes and health checks do not count. */
  follow(telemetry: Telemetry, route: string): void {
    telemetry.onRequest((request) => {
      if (request.route === route) this.#collector.record(request.durationMs, request.timestampMs);
    });
  }

  /** Those of the last five minutes before `nowMs`. */
  recent(nowMs: number): LatencyColumns {
    return this.#collector.since(nowMs - WINDOW_MS);
  }
}
