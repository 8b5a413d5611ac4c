import { type Labels, serviceOf } from "@avx/model";

/** Services counted one by one; those beyond share one name. A sender cannot fill the memory. */
const MAX_SERVICES = 10_000;
const OTHERS = "(others)";

/** What was wrong with the samples of one service since the start. */
export interface ServiceArrivals {
  /** "" for series without a service. */
  readonly service: string;
  /** Samples of new series beyond a limit. */
  readonly refused: number;
  /** Samples that replaced one of the same time. */
  readonly duplicates: number;
  /** Samples that came after a newer one of their series. */
  readonly late: number;
}

type Counts = { -readonly [Key in Exclude<keyof ServiceArrivals, "service">]: number };

/** Counts by service. Only what is wrong is counted, so a sound sender costs nothing. */
export class ArrivalBook {
  private readonly byService = new Map<string, Counts>();

  note(labels: Labels, what: keyof Counts, count: number): void {
    this.countsOf(serviceOf(labels))[what] += count;
  }

  all(): ServiceArrivals[] {
    return [...this.byService].map(([service, counts]) => ({ service, ...counts }));
  }

  private countsOf(service: string): Counts {
    const known = this.byService.get(service);
    if (known) return known;
    if (this.byService.size >= MAX_SERVICES && service !== OTHERS) return this.countsOf(OTHERS);
    const counts = { refused: 0, duplicates: 0, late: 0 };
    this.byService.set(service, counts);
    return counts;
  }
}
