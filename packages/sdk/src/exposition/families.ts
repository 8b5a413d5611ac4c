import type { InstrumentKind } from "../metrics/instrument-descriptor.ts";
import type { Instrument, Meter } from "../metrics/meter.ts";
import type { TelemetryScope } from "../telemetry-scope.ts";
import { prometheusFamily } from "./prometheus-name.ts";

/** The scope whose metrics carry no `otel_scope_*` labels: the service's own. */
export const OWN_SCOPE = "@avx/sdk";

/** What Prometheus calls each kind. */
export const TYPE_WORDS: Readonly<Record<InstrumentKind, string>> = {
  counter: "counter",
  updowncounter: "gauge",
  gauge: "gauge",
  histogram: "histogram",
  "exponential-histogram": "histogram",
};

/** An instrument that shares a family with others of its name. */
export interface Member {
  readonly instrument: Instrument;
  readonly scope: TelemetryScope;
}

/**
 * The instruments that have series, by the Prometheus name of their family without `_total`. Scopes
 * may share a family. Of a name that two kinds share only the first kind is kept: the formats allow
 * no other.
 */
export function families(meters: readonly Meter[]): Map<string, Member[]> {
  const byName = new Map<string, Member[]>();
  for (const meter of meters) {
    for (const instrument of meter.instruments.values()) {
      if (instrument.index.size === 0) continue;
      const { name } = prometheusFamily(instrument.descriptor);
      const members = byName.get(name) ?? [];
      const kind = members[0]?.instrument.descriptor.kind ?? instrument.descriptor.kind;
      if (TYPE_WORDS[kind] === TYPE_WORDS[instrument.descriptor.kind]) {
        byName.set(name, [...members, { instrument, scope: meter.scope }]);
      }
    }
  }
  return byName;
}

/** The labels of a scope, names and values alternating; none of the service's own. */
export function scopeLabels({ name, version }: TelemetryScope): readonly string[] {
  if (name === OWN_SCOPE) return [];
  const named = ["otel_scope_name", name];
  return version === "" ? named : [...named, "otel_scope_version", version];
}
