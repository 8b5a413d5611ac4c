import { MAX_FITS_PER_QUERY } from "../avx-functions/forecast-limits.ts";

/** What one query may need; each value is refused only when it is exceeded. */
export interface QueryLimits {
  /** Steps of a range query, which are points per series of its result. */
  readonly pointsPerSeries: number;
  /** Series of all selectors together. */
  readonly series: number;
  /** Samples read from storage, and points that subqueries make. */
  readonly samples: number;
  /** Steps times series times samples of a window. */
  readonly visits: number;
  /** Models that `avx_forecast` and its bounds fit; an engine's own count of them goes on from there. */
  readonly forecastFits: number;
  /** Memory at the worst moment. */
  readonly bytes: number;
}

/**
 * The limits of a server that nobody has tuned. Points are those of Prometheus' HTTP API. Series
 * and samples are what dashboards never need and a process of 1 GiB of heap still holds; memory is
 * a quarter of that heap. Visits are what one core does in the 30 seconds that a query may run, at
 * 10 ns each.
 */
export const DEFAULT_QUERY_LIMITS: QueryLimits = {
  pointsPerSeries: 11_000,
  series: 100_000,
  samples: 20_000_000,
  visits: 3_000_000_000,
  forecastFits: MAX_FITS_PER_QUERY,
  bytes: 256 * 1024 * 1024,
};
