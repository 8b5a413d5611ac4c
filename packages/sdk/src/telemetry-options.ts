import type { AvxContext } from "@avx/model";
import type { Environment } from "./environment.ts";
import type { View } from "./metrics/views/view.ts";
import type { EntrySink } from "./opentelemetry/api-logger.ts";
import type { SpanSink } from "./tracing/recorded-span.ts";

/** All optional: without any, everything comes from AVX_* and OTEL_* variables. */
export interface TelemetryOptions {
  readonly serviceName?: string;
  /** Parts that are set win over AVX_* variables. */
  readonly context?: Partial<AvxContext>;
  /** `service.instance.id`; a random UUID when absent. */
  readonly instanceId?: string;
  /** The variables to read; those of the process when absent. */
  readonly environment?: Environment;
  /** Change the metrics of some instruments: names, attributes, buckets, limits. */
  readonly views?: readonly View[];
  /** Takes finished log lines; standard output when absent. */
  readonly writeLog?: (line: string) => void;
  /** Takes every span that has ended, beside the export. */
  readonly onSpan?: SpanSink;
  /** Takes every log entry, beside the export. */
  readonly onLog?: EntrySink;
  /** Event loop, garbage collection, heap and process metrics; on unless false. */
  readonly runtimeMetrics?: boolean;
  /** Observes every node:http server of the process, without middleware. */
  readonly observeServers?: boolean;
  /** Sends what waits when the process exits, for at most `AVX_EXIT_FLUSH_MS`. */
  readonly flushAtExit?: boolean;
}
