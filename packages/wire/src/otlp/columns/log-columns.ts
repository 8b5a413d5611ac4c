import type { LogColumns, LogRecord } from "@avx/model";
import { readRequest } from "../protobuf-groups.ts";
import { readLogRecord } from "../protobuf-logs.ts";
import { AttributeColumn, type PlainLimits } from "./attribute-column.ts";
import { ChoiceColumn } from "./choice-column.ts";
import { type ColumnDecodeOptions, MAX_COLUMN_BODY_BYTES } from "./column-options.ts";
import { DayWindow, isStorableHigh, millisOf, type TimeBounds } from "./day-window.ts";
import { LetterRow } from "./letter-row.ts";
import { ByteColumn, Uint64Column } from "./number-columns.ts";
import { PackedGroups } from "./packed-groups.ts";
import { PlainCursor } from "./plain-cursor.ts";
import { PlainLog } from "./plain-log.ts";
import { RowTexts } from "./row-texts.ts";
import { TextColumn } from "./text-column.ts";

/** The log records of a request. */
export interface DecodedLogs {
  /** Valid until the next request is decoded. */
  readonly columns: LogColumns;
  /** Those that are not as usual: nothing but their protobuf was checked. */
  readonly others: readonly LogRecord[];
}

/**
 * Reads an `ExportLogsServiceRequest` in protobuf into columns, without an object for each record.
 * Records in the columns keep the limits and the time bounds, say when they happened, and their body
 * is text; all others come as objects.
 */
export class LogColumnDecoder {
  readonly #plain: PlainLog;
  readonly #letterRow = new LetterRow();
  readonly #groups = new PackedGroups();
  readonly #day = new DayWindow();
  readonly #times = new Uint64Column();
  readonly #observed = new Uint64Column();
  readonly #severities = new ByteColumn();
  readonly #severityTexts = new ChoiceColumn();
  readonly #bodies = new TextColumn();
  readonly #traceIds = new TextColumn();
  readonly #spanIds = new TextColumn();
  readonly #eventNames = new TextColumn();
  readonly #letters = new ChoiceColumn();
  readonly #attributes: AttributeColumn;
  readonly #rowTexts: RowTexts;

  constructor(limits: PlainLimits) {
    this.#attributes = new AttributeColumn(limits, this.#letterRow);
    this.#plain = new PlainLog(limits, this.#attributes);
    const { severityText, body, eventName } = this.#plain;
    this.#rowTexts = new RowTexts({
      choice: { range: severityText, column: this.#severityTexts },
      first: { range: body, column: this.#bodies },
      second: { range: eventName, column: this.#eventNames },
      letterRow: this.#letterRow,
      letters: this.#letters,
    });
  }

  /**
   * Undefined for a body that is too large to be read this way. Throws as `decodeOtlpLogsProtobuf`
   * does.
   */
  decode(bytes: Uint8Array, options: ColumnDecodeOptions): DecodedLogs | undefined {
    if (bytes.length > MAX_COLUMN_BODY_BYTES) return undefined;
    this.#reset();
    const cursor = new PlainCursor(bytes);
    const found = readRequest<LogRecord | undefined>(bytes, {
      format: "OTLP logs",
      maxItems: options.maxItems,
      readItem: (reader, resource, scope) => {
        const start = reader.position;
        const outer = reader.enter();
        cursor.at = reader.position;
        const isTaken = this.#take(cursor, reader.end, options);
        reader.leave(outer);
        if (isTaken) {
          reader.countItem();
          this.#groups.add(resource, scope, this.#times.length);
          return undefined;
        }
        this.#attributes.undo();
        reader.position = start;
        return readLogRecord(reader, resource, scope);
      },
    });
    return { columns: this.#view(), others: found.filter((record) => record !== undefined) };
  }

  #reset(): void {
    const texts = [this.#bodies, this.#traceIds, this.#spanIds, this.#eventNames];
    for (const column of [this.#times, this.#observed, this.#severities, ...texts]) {
      column.length = 0;
    }
    for (const column of [this.#severityTexts, this.#letters, this.#attributes]) column.reset();
    this.#groups.take();
    this.#day.reset();
  }

  /** Adds a record to the columns; false, and nothing but attributes, when it is unusual. */
  #take(cursor: PlainCursor, end: number, { earliestMs, latestMs }: TimeBounds): boolean {
    const plain = this.#plain;
    this.#letterRow.length = 0;
    if (!plain.read(cursor, end)) return false;
    const { time, observed } = plain;
    if (time.low + time.high === 0) return false;
    if (!isStorableHigh(time.high) || !isStorableHigh(observed.high)) return false;
    const timeMs = millisOf(time);
    if (timeMs < earliestMs || timeMs > latestMs || !this.#day.has(timeMs)) return false;
    return this.#rowTexts.add(cursor.bytes) && this.#addRow(cursor.bytes);
  }

  #addRow(bytes: Uint8Array): true {
    const plain = this.#plain;
    const { time, observed, traceId, spanId, severity } = plain;
    this.#times.push(time.low, time.high);
    this.#observed.push(observed.low, observed.high);
    this.#severities.push(severity);
    this.#traceIds.addHex(bytes, traceId.start, traceId.end);
    this.#spanIds.addHex(bytes, spanId.start, spanId.end);
    this.#attributes.keep();
    return true;
  }

  #view(): LogColumns {
    return {
      rows: this.#times.length,
      groups: this.#groups.take(),
      attributes: this.#attributes.view(),
      letters: this.#letters.view(),
      timeUnixNano: this.#times.view(),
      observedUnixNano: this.#observed.view(),
      severityNumbers: this.#severities.view(),
      severityTexts: this.#severityTexts.view(),
      bodies: this.#bodies.view(),
      traceIds: this.#traceIds.view(),
      spanIds: this.#spanIds.view(),
      eventNames: this.#eventNames.view(),
    };
  }
}
