import { AvxError } from "@avx/model";
import { isInstrumentName } from "../instrument-descriptor.ts";
import type { View } from "./view.ts";

/** Each is compared with every new instrument: more than this is a mistake. */
const MAX_VIEWS = 1000;
const MAX_CARDINALITY_LIMIT = 1_000_000;
/** Two buckets are the least that a range can be merged into. */
const MIN_BUCKETS = 2;
const MAX_BUCKETS = 10_000;
/** Prometheus' coarsest schema. */
const MIN_SCALE = -4;

/** Fails with an `invalid_parameter` that names the first member that cannot be meant. */
export function checkViews(views: readonly View[]): void {
  if (views.length > MAX_VIEWS) throw invalid("views", `${views.length} is more than ${MAX_VIEWS}`);
  for (const [i, view] of views.entries()) {
    for (const [member, reason] of faults(view)) throw invalid(`views[${i}]${member}`, reason);
  }
}

function* faults(view: View): Generator<readonly [member: string, reason: string]> {
  const { instrumentName = "", name, cardinalityLimit, aggregation } = view;
  const { instrumentKind, instrumentUnit, meterName, meterVersion } = view;
  const selectors = [view.instrumentName, instrumentKind, instrumentUnit, meterName, meterVersion];
  if (selectors.every((selector) => selector === undefined)) yield ["", "selects nothing"];
  if (name !== undefined && !isInstrumentName(name)) yield [".name", "is not a metric name"];
  if (name !== undefined && (instrumentName === "" || /[*?]/.test(instrumentName))) {
    yield [".name", "would give several instruments one name"];
  }
  if (cardinalityLimit !== undefined && !isWhole(cardinalityLimit, 1, MAX_CARDINALITY_LIMIT)) {
    yield [".cardinalityLimit", `is not a whole number in 1..${MAX_CARDINALITY_LIMIT}`];
  }
  if (aggregation?.kind === "explicit-histogram" && !isAscending(aggregation.boundaries ?? [])) {
    yield [".aggregation.boundaries", "do not ascend"];
  }
  if (aggregation?.kind === "exponential-histogram") {
    const { maxBuckets = MIN_BUCKETS, maxScale = 0 } = aggregation;
    if (!isWhole(maxBuckets, MIN_BUCKETS, MAX_BUCKETS)) {
      yield [".aggregation.maxBuckets", `is not a whole number in ${MIN_BUCKETS}..${MAX_BUCKETS}`];
    }
    if (!isWhole(maxScale, MIN_SCALE, 20)) {
      yield [".aggregation.maxScale", `is not a whole number in ${MIN_SCALE}..20`];
    }
  }
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function isAscending(boundaries: readonly number[]): boolean {
  return boundaries.every(
    (bound, i) => Number.isFinite(bound) && (i === 0 || bound > boundaries[i - 1]!),
  );
}

function invalid(parameter: string, reason: string): AvxError {
  return new AvxError("invalid_parameter", { parameter, reason });
}
