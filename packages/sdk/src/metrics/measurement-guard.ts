/** After so many new series memory is looked at. */
const SERIES_A_LOOK = 256;

/** What all instruments of a process share. */
export class MeasurementGuard {
  /**
   * Measurements that an instrument may not take: NaN or infinite values, negative values of a
   * counter or histogram. They are dropped, never thrown, for telemetry must not break its host.
   */
  rejected = 0;
  /** New attribute sets are merged into the overflow series: there is no memory for them. */
  isFull = false;
  /** Whether observations in sampled spans are kept as exemplars. */
  keepsExemplars = true;
  /** Told now and then when series have been made. */
  onGrowth: () => void = () => {};
  #made = 0;

  /** To be called for every new series. */
  noteSeries(): void {
    if (++this.#made % SERIES_A_LOOK === 0) this.onGrowth();
  }
}
