import type { TelemetryScope } from "../../telemetry-scope.ts";
import { MAX_EXPONENTIAL_BUCKETS } from "../exponential-histogram.ts";
import { EXPONENTIAL_SCALE } from "../exponential-index.ts";
import type { InstrumentKind } from "../instrument-descriptor.ts";
import type { MetricStream } from "../metric-stream.ts";
import type { View, ViewAggregation, ViewInstrumentKind } from "./view.ts";

/** An instrument that is being made. */
export interface ViewedInstrument {
  readonly kind: ViewInstrumentKind;
  readonly scope: TelemetryScope;
  /** What it becomes when no view matches. */
  readonly stream: MetricStream;
  /** Told of a view that does not fit. */
  readonly warn: (message: string) => void;
}

/** What the instrument becomes by these views: nothing when it is dropped. */
export function viewStreams(views: readonly View[], instrument: ViewedInstrument): MetricStream[] {
  const matching = views.filter((view) => isMatch(view, instrument));
  if (matching.length === 0) return [instrument.stream];
  return matching.flatMap((view) => viewStream(view, instrument) ?? []);
}

function isMatch(view: View, { kind, scope, stream }: ViewedInstrument): boolean {
  const { instrumentKind = kind, instrumentUnit = stream.descriptor.unit } = view;
  const { meterName = scope.name, meterVersion = scope.version } = view;
  return (
    instrumentKind === kind &&
    instrumentUnit === stream.descriptor.unit &&
    meterName === scope.name &&
    meterVersion === scope.version &&
    (view.instrumentName === undefined || pattern(view.instrumentName).test(stream.descriptor.name))
  );
}

function pattern(wildcards: string): RegExp {
  const escaped = wildcards.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
}

function viewStream(view: View, instrument: ViewedInstrument): MetricStream | undefined {
  const { stream } = instrument;
  const { name, description, unit } = stream.descriptor;
  const { aggregation, attributeKeys } = view;
  if (aggregation?.kind === "drop") return undefined;
  const kind = aggregatedKind(aggregation, instrument);
  return {
    descriptor: {
      name: view.name ?? name,
      description: view.description ?? description,
      unit,
      kind,
    },
    limit: view.cardinalityLimit ?? stream.limit,
    keep: attributeKeys === undefined ? undefined : new Set(attributeKeys),
    ...bucketing(aggregation, stream),
  };
}

function bucketing(aggregation: ViewAggregation | undefined, stream: MetricStream) {
  const { boundaries } = stream;
  const defaults = { maxBuckets: MAX_EXPONENTIAL_BUCKETS, maxScale: EXPONENTIAL_SCALE };
  if (aggregation?.kind === "explicit-histogram") {
    return { ...defaults, boundaries: aggregation.boundaries ?? boundaries };
  }
  if (aggregation?.kind !== "exponential-histogram") return { ...defaults, boundaries };
  const { maxBuckets = defaults.maxBuckets, maxScale = defaults.maxScale } = aggregation;
  return { boundaries, maxBuckets, maxScale: Math.min(maxScale, EXPONENTIAL_SCALE) };
}

function aggregatedKind(
  aggregation: ViewAggregation | undefined,
  { kind, stream, warn }: ViewedInstrument,
): InstrumentKind {
  const own = stream.descriptor.kind;
  if (aggregation === undefined) return own;
  if (kind === "histogram") {
    if (aggregation.kind === "sum") return "counter";
    return aggregation.kind === "explicit-histogram" ? "histogram" : "exponential-histogram";
  }
  const isSum = own === "counter" || own === "updowncounter";
  if (!(aggregation.kind === "sum" && isSum)) {
    warn(`a view asks for ${aggregation.kind} of ${stream.descriptor.name}, which is a ${own}`);
  }
  return own;
}
