/** Name and version of the code that measures, traces or logs; "" where it does not say. */
export interface TelemetryScope {
  readonly name: string;
  readonly version: string;
}
