/**
 * Counts measurements that an instrument may not take: NaN or infinite values, negative values of
 * a counter or histogram. They are dropped, never thrown, for telemetry must not break its host.
 */
export class MeasurementGuard {
  rejected = 0;
}
