import type { IngestCounters, IngestSignal } from "./ingest-request.ts";

/** What each reason means to the sender. */
const REASON_TEXTS: Readonly<Record<string, string>> = {
  timestamp_future: "timestamp more than 10 min in the future",
  timestamp_past: "timestamp older than the retention",
  too_many_attributes: "too many attributes",
  attribute_name_too_long: "attribute name too long",
  attribute_value_too_long: "attribute value too long",
  resource_attribute_too_long: "resource attribute too long for target_info, left out there",
  metric_name_too_long: "metric name longer than 256 bytes",
  unit_too_long: "unit longer than 63 bytes",
  description_too_long: "metric description longer than 4 KiB, left out",
  text_too_long: "name, status, state or severity longer than 64 KiB",
  too_many_parts: "more than 1024 exemplars, events or links",
  exemplar_labels_too_long: "exemplar with too many or too long labels",
  metadata_too_long: "metric metadata longer than 4 KiB",
  too_many_buckets: "more than 1024 buckets",
  late_delta: "delta point not newer than the last one of its series",
  malformed_histogram: "histogram bounds do not ascend or do not fit its buckets",
  histogram_scale: "exponential histogram scale below -4",
  no_metric_name: "metric without a name",
  body_too_long: "log body longer than 64 KiB",
  invalid_id: "trace id or span id of the wrong length",
  malformed_labels: "labels unsorted, repeated, empty or without a metric name",
  malformed_native_histogram: "native histogram with an invalid schema, spans or buckets",
};

/** What of a request was not taken, by reason: for the answer and for the counters. */
export class Refusals {
  readonly #byReason = new Map<string, number>();
  readonly #warnings = new Set<string>();
  #storeReason = "";
  #total = 0;

  get total(): number {
    return this.#total;
  }

  add(reason: string, items = 1): void {
    if (items <= 0) return;
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + items);
    this.#total += items;
  }

  /** Adds what was refused of another part of the request. */
  addAll(other: Refusals): void {
    for (const [reason, items] of other.#byReason) this.add(reason, items);
    for (const reason of other.#warnings) this.#warnings.add(reason);
    if (other.#storeReason !== "") this.#storeReason = other.#storeReason;
  }

  /** What the store refused, in its own words; counted as `store_limit`. */
  addFromStore(samples: number, reason: string): void {
    if (samples > 0) this.#storeReason = reason;
    this.add("store_limit", samples);
  }

  /** Something the sender should know although all items were taken. */
  warn(reason: string): void {
    this.#warnings.add(reason);
  }

  /** "2 refused: timestamp older than the retention; 1 refused: ..."; "" when nothing was. */
  message(): string {
    const counted = Array.from(
      this.#byReason,
      ([reason, items]) => `${items} refused: ${this.#textOf(reason)}`,
    );
    const warned = Array.from(this.#warnings, (reason) => this.#textOf(reason));
    return [...counted, ...warned].join("; ");
  }

  #textOf(reason: string): string {
    if (reason === "store_limit") return this.#storeReason;
    return REASON_TEXTS[reason] ?? reason;
  }

  /** Adds the refusals to the server's counters. */
  count(counters: IngestCounters, signal: IngestSignal): void {
    for (const [reason, items] of this.#byReason) counters.rejected(signal, reason, items);
  }
}
