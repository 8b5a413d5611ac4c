/** Bounds of one request. */
export interface DecodeOptions {
  /**
   * Most data points, spans or log records; beyond it `too_many_points` is thrown. No bound by
   * default.
   */
  readonly maxItems?: number;
}
