import { assessQuality, QUALITY_STANDARD, weightedScore } from "@avx/analysis";
import type { SampleColumns } from "@avx/model";
import type { ServiceData } from "../contract.ts";

/**
 * Series of one service that are scored; the mean of this many is the mean of all, and scoring
 * costs more than everything else that is told of a series.
 */
const MAX_SCORED = 1000;

/** What is known of a series. */
export interface ScoredSeries {
  readonly isCounter: boolean;
  /** The distance at which its samples should come; undefined for too few of them. */
  readonly stepMs: number | undefined;
  /** Set when it went silent without saying so: what should have come until then is missing. */
  readonly missingUntilMs?: number | undefined;
}

interface Sums {
  scored: number;
  series: number;
  accuracy: number;
  completeness: number;
  consistency: number;
  validity: number;
}

/** Means of the quality of a service's series, each series alike. */
export class ServiceScores {
  readonly #byService = new Map<string, Sums>();

  /** A series of fewer than four samples has no known interval and is counted, not scored. */
  add(
    service: string,
    series: SampleColumns,
    { isCounter, stepMs, missingUntilMs }: ScoredSeries,
  ): void {
    const sums = this.#sumsOf(service);
    sums.series++;
    if (stepMs === undefined || stepMs <= 0 || sums.scored >= MAX_SCORED) return;
    const kind = isCounter ? "counter" : "gauge";
    const startMs = series.timestampsMs[0];
    const isSilent = missingUntilMs !== undefined && startMs !== undefined;
    const bounds = isSilent ? { bounds: { startMs, endMs: missingUntilMs } } : {};
    const found = assessQuality(series, { stepMs, kind, ...bounds });
    sums.scored++;
    sums.accuracy += found.accuracy;
    sums.completeness += found.completeness;
    sums.consistency += found.consistency;
    sums.validity += found.validity;
  }

  /** Worst first; services none of whose series could be scored are left out. */
  all(): ServiceData[] {
    const services: ServiceData[] = [];
    for (const [service, { scored, series, ...sums }] of this.#byService) {
      if (scored === 0) continue;
      const dimensions = {
        accuracy: sums.accuracy / scored,
        completeness: sums.completeness / scored,
        consistency: sums.consistency / scored,
        validity: sums.validity / scored,
      };
      const overall = weightedScore(dimensions);
      const meetsStandard = overall >= QUALITY_STANDARD;
      services.push({ service, series, ...dimensions, overall, meetsStandard });
    }
    return services.sort((a, b) => a.overall - b.overall || (a.service < b.service ? -1 : 1));
  }

  #sumsOf(service: string): Sums {
    const known = this.#byService.get(service);
    if (known) return known;
    const sums = {
      ...{ scored: 0, series: 0 },
      ...{ accuracy: 0, completeness: 0, consistency: 0, validity: 0 },
    };
    this.#byService.set(service, sums);
    return sums;
  }
}
