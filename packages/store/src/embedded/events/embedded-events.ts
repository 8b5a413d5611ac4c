import { AvxError } from "@avx/model";
import { floats, strings } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import { newestOf } from "../../memory/memory-events.ts";
import type { EventSearch, EventStore, StoredEvent } from "../../store.ts";
import { nanosColumn, textColumn } from "./attribute-columns.ts";
import { clampedMs } from "./clamped-time.ts";
import type { EventRows } from "./event-batch.ts";
import type { EventTable } from "./event-table.ts";

/** An event is a few facts and a sentence. */
const MAX_BODY_BYTES = 64 * 1024;

/** Unix nanoseconds of an event's time. */
export function eventNanos({ timestampMs }: StoredEvent): bigint {
  return BigInt(Math.round(timestampMs)) * 1_000_000n;
}

/** The rows of the table `events`, all columns but AvxBatch. */
export function eventColumns({ items: events, batches }: EventRows<StoredEvent>): NamedColumn[] {
  const written = BigUint64Array.from(batches, ({ position }) => BigInt(position));
  return [
    { name: "Timestamp", column: nanosColumn(events.map(eventNanos)) },
    { name: "Kind", column: textColumn(events.map(({ kind }) => kind)) },
    { name: "Service", column: textColumn(events.map(({ service }) => service)) },
    { name: "Id", column: textColumn(events.map(({ id }) => id)) },
    { name: "Body", column: textColumn(events.map(({ body }) => body)) },
    { name: "Written", column: { kind: "fixed", type: "UInt64", data: written } },
  ];
}

/** Events: rows of `events`, and those of the last moments that are not rows yet. */
export class EmbeddedEvents implements EventStore {
  private readonly table: EventTable<StoredEvent>;
  private readonly engine: Engine;

  constructor(table: EventTable<StoredEvent>, engine: Engine) {
    this.table = table;
    this.engine = engine;
  }

  async put(events: readonly StoredEvent[]): Promise<void> {
    for (const { body } of events) {
      const bytes = Buffer.byteLength(body);
      if (bytes > MAX_BODY_BYTES) {
        throw new AvxError("document_too_large", { bytes, limitBytes: MAX_BODY_BYTES });
      }
    }
    await this.table.append(events);
  }

  async search(search: EventSearch, signal?: AbortSignal): Promise<readonly StoredEvent[]> {
    const { kind, service, range, limit } = search;
    const recent = this.table.pending().flatMap(({ items }) => items);
    const answer = await this.engine.query(
      `SELECT CAST(Kind, 'String') AS KindText, CAST(Service, 'String') AS ServiceText, Id, Body,
         toFloat64(toUnixTimestamp64Milli(Timestamp)) AS AtMs FROM (
         SELECT * FROM avx.events
         WHERE Timestamp >= fromUnixTimestamp64Milli({startMs:Int64})
           AND Timestamp <= fromUnixTimestamp64Milli({endMs:Int64})
           AND ({kind:String} = '' OR Kind = {kind:String})
           AND ({service:String} = '' OR Service = {service:String})
         ORDER BY Written DESC LIMIT 1 BY Id
       ) ORDER BY Timestamp DESC LIMIT {limit:UInt32}`,
      {
        ...{ kind, service, limit },
        ...{ startMs: clampedMs(range.startMs), endMs: clampedMs(range.endMs) },
      },
      signal,
    );
    const byId = new Map<string, StoredEvent>();
    for (const block of answer) {
      const column = (name: string) => strings(block, name);
      const [kinds, services, ids, bodies] = ["KindText", "ServiceText", "Id", "Body"].map(column);
      const times = floats(block, "AtMs");
      for (let row = 0; row < block.rows; row++) {
        const id = ids!.text(row);
        byId.set(id, {
          ...{ id, kind: kinds!.text(row), service: services!.text(row), body: bodies!.text(row) },
          timestampMs: times[row]!,
        });
      }
    }
    for (const event of recent) byId.set(event.id, event);
    return newestOf([...byId.values()], search);
  }
}
