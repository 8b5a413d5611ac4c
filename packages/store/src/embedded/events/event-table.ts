import { AvxError } from "@avx/model";
import { uint32s, uint64s } from "../../engine/block-access.ts";
import type { InsertBlock } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import { RecentBatches } from "../../wal/recent-batches.ts";
import { segmentOf, type WalPosition, WriteAheadLog } from "../../wal/write-ahead-log.ts";
import { dropOldPartitions } from "../drop-partitions.ts";
import { BATCH_NAME, batchMark, batchName, nameOfMark } from "./batch-name.ts";
import {
  countDays,
  type DayCounts,
  type EventBatch,
  intoPieces,
  rowsOfDay,
  timeBounds,
} from "./event-batch.ts";
import { decodeEventRecord, encodeEventRecord } from "./event-record.ts";
import type { ColumnBatch, EventTableOptions } from "./event-table-options.ts";
import { PackedBatch, PackedRows } from "./packed-batch.ts";
import { PendingBatches } from "./pending-batches.ts";

/** Rows of one insert, unless one batch alone has more: the engine holds all of them in memory. */
const MAX_INSERT_ROWS = 50_000;

/** So much is made rows of at once, without waiting for the next turn: about 50,000 spans. */
const EARLY_FLUSH_BYTES = 16 * 1024 * 1024;

/** Objects take so many times the bytes that they were sent in, or that they are logged in. */
const OBJECTS_PER_SENT_BYTE = 8;
const OBJECTS_PER_LOGGED_BYTE = 3;

/** Days of one batch: each day is an insert of its own. More than any retention by default. */
const MAX_DAYS_PER_BATCH = 100;

/** A closed segment is read again at the next start, so it should not hold much that is flushed. */
const ROTATE_BYTES = 8 * 1024 * 1024;

/** Batches of the last hour are known after a restart: that long a sender may repeat one. */
const REPEAT_WINDOW_MS = 3_600_000;

/**
 * Spans, log records, documents: durable in a log of their own at once, rows of a table within a
 * second or so, in between served from memory. A batch with the same bytes as an earlier one is a
 * sender's repeat and is taken once.
 */
export class EventTable<T> {
  private readonly options: EventTableOptions<T>;
  private readonly recent = new RecentBatches();
  private readonly inFlight = new Map<bigint, Promise<void>>();
  private readonly waiting: PendingBatches<T>;
  private flushing: Promise<void> = Promise.resolve();
  /** Since a flush was begun early, until one has ended well: a failing engine is not asked at each batch. */
  private isFlushedEarly = false;
  private bytesSinceRotation = 0;
  // Set by `open`, the only way to an instance.
  private wal!: WriteAheadLog;

  private constructor(options: EventTableOptions<T>) {
    this.options = options;
    this.waiting = new PendingBatches(options);
  }

  static async open<T>(options: EventTableOptions<T>): Promise<EventTable<T>> {
    const table = new EventTable(options);
    await table.rememberStored();
    const { walDir, fileSystem, log } = options;
    // A record whose write failed may be in the log all the same, and once more by its repeat.
    const replayed = new Set<bigint>();
    table.wal = await WriteAheadLog.open({
      ...{ dir: walDir, fileSystem, log },
      replay: (payload, position) => {
        const identity = batchName(payload);
        if (replayed.has(identity)) return;
        replayed.add(identity);
        const items = decodeEventRecord(payload, options.decode);
        const days = countDays(items, options.nanosOf);
        const bytes = OBJECTS_PER_LOGGED_BYTE * payload.length;
        table.accept({ identity, position, items, loose: items, days, bytes });
      },
    });
    return table;
  }

  private async rememberStored(): Promise<void> {
    const answer = await this.options.engine.query(
      `SELECT DISTINCT AvxBatch FROM avx.${this.options.table}
       WHERE Timestamp > fromUnixTimestamp64Milli({afterMs:Int64})`,
      { afterMs: Math.floor(this.options.nowMs() - REPEAT_WINDOW_MS) },
    );
    for (const block of answer) {
      for (const mark of uint64s(block, "AvxBatch")) this.recent.add(nameOfMark(mark));
    }
  }

  private accept(batch: EventBatch<T>): void {
    this.recent.add(batch.identity);
    this.waiting.add(batch);
  }

  /** Resolves when the items are durable and visible. `encoded` says the same as the items. */
  async append(items: readonly T[], encoded?: Uint8Array): Promise<void> {
    if (items.length === 0) return;
    this.waiting.refuseBeyond(items.length);
    const days = this.daysOf(items);
    const sent = this.options.decode && encoded;
    const payload = encodeEventRecord(items, sent);
    const bytes = (sent ? OBJECTS_PER_SENT_BYTE : OBJECTS_PER_LOGGED_BYTE) * payload.length;
    await this.write(payload, (identity) => {
      return (position) => this.accept({ identity, position, items, loose: items, days, bytes });
    });
  }

  /** As `append`; the columns are read before this returns. The table must know `unpack`. */
  async appendColumns({ columns, loose, encoded }: ColumnBatch<T>): Promise<void> {
    const { unpack = () => [], decode, shared } = this.options;
    if (!decode) throw new AvxError("internal", { reason: "columns, and no decoder for the log" });
    this.waiting.refuseBeyond(columns.rows + loose.length);
    const days = new Map(this.daysOf(loose));
    days.set(columns.day, (days.get(columns.day) ?? 0) + columns.rows);
    const looseShare = loose.length / (columns.rows + loose.length);
    const looseBytes = OBJECTS_PER_SENT_BYTE * encoded.length * looseShare;
    await this.write(encodeEventRecord(loose, encoded), (identity) => {
      const packed = new PackedRows(columns, batchMark(identity, shared?.writer ?? 0));
      return (position) =>
        this.accept(
          new PackedBatch({ identity, position, packed, loose, looseBytes, days, unpack }),
        );
    });
  }

  /** Writes a batch unless it is a repeat; what `prepare` answers is called when it is durable. */
  private async write(
    payload: Uint8Array,
    prepare: (identity: bigint) => (position: WalPosition) => void,
  ): Promise<void> {
    const identity = batchName(payload);
    const same = this.inFlight.get(identity);
    if (same) return same;
    if (this.recent.has(identity)) return;
    this.bytesSinceRotation += payload.length;
    const written = this.wal
      .append(payload, prepare(identity))
      .finally(() => this.inFlight.delete(identity));
    this.inFlight.set(identity, written);
    await written;
    this.flushEarly();
  }

  private flushEarly(): void {
    if (this.isFlushedEarly || this.waiting.bytes < EARLY_FLUSH_BYTES) return;
    this.isFlushedEarly = true;
    // A failure is said by whoever flushes regularly.
    this.flush().catch(() => {});
  }

  private daysOf(items: readonly T[]): DayCounts {
    const days = countDays(items, this.options.nanosOf);
    if (days.size <= MAX_DAYS_PER_BATCH) return days;
    const reason = `the times of one batch lie on more than ${MAX_DAYS_PER_BATCH} days`;
    throw new AvxError("bad_request", { reason });
  }

  /** Batches that are not rows yet. Take them before asking the engine, and leave out their rows. */
  pending(): readonly EventBatch<T>[] {
    return this.waiting.all();
  }

  /** Whether rows may be copies of others, see `withoutCopies`. */
  get hasCopies(): boolean {
    return this.options.shared?.hasOthers() ?? false;
  }

  /** Makes rows of all batches taken so far. Rejects when the engine cannot; they are kept. */
  flush(): Promise<void> {
    const result = this.flushing.then(() => this.flushWaiting());
    this.flushing = result.catch(() => {});
    return result;
  }

  /** Runs `work` while nothing goes from the log into the table, nor away. */
  alone(work: () => Promise<void>): Promise<void> {
    const result = this.flushing.then(work);
    this.flushing = result.catch(() => {});
    return result;
  }

  private async flushWaiting(): Promise<void> {
    const batches = this.waiting.all();
    if (batches.length > 0) {
      const stored = await this.storedDays(batches);
      for (const day of new Set(batches.flatMap(({ days }) => [...days.keys()]))) {
        const fresh = batches.filter(
          ({ days, identity }) => days.has(day) && !stored.has(`${identity} ${day}`),
        );
        for (const piece of intoPieces(day, fresh, MAX_INSERT_ROWS)) await this.insert(day, piece);
      }
      this.waiting.remove(batches);
    }
    this.isFlushedEarly = false;
    await this.deleteFreeSegments();
  }

  /**
   * After a restart or a failed flush some batches may be rows already, on some of their days, and
   * where other servers write too a sender may have repeated a batch at another one of them.
   */
  private async storedDays(batches: readonly EventBatch<T>[]): Promise<ReadonlySet<string>> {
    const stored = new Set<string>();
    const { shared, table, engine, nanosOf } = this.options;
    if (!this.mayBeStored && !shared?.hasOthers()) return stored;
    const answer = await engine.query(
      `SELECT DISTINCT AvxBatch, toUInt32(toDate(Timestamp, 'UTC')) AS day FROM avx.${table}
       WHERE ${BATCH_NAME} IN {ids:Array(UInt64)}
         AND Timestamp >= fromUnixTimestamp64Nano({earliest:Int64})
         AND Timestamp <= fromUnixTimestamp64Nano({latest:Int64})`,
      { ids: batches.map(({ identity }) => identity), ...timeBounds(batches, nanosOf) },
    );
    for (const block of answer) {
      const marks = uint64s(block, "AvxBatch");
      const days = uint32s(block, "day");
      for (let row = 0; row < block.rows; row++) {
        stored.add(`${nameOfMark(marks[row]!)} ${days[row]}`);
      }
    }
    this.mayBeStored = false;
    return stored;
  }

  /** True until a flush has asked the engine once, and again after each failure. */
  private mayBeStored = true;

  private async insert(day: number, batches: readonly EventBatch<T>[]): Promise<void> {
    const { engine, table } = this.options;
    const [first] = batches;
    const rows = batches.reduce((sum, { days }) => sum + (days.get(day) ?? 0), 0);
    const token = `${day} ${first?.position} ${first?.identity} ${rows}`;
    try {
      await engine.insert({ table: `avx.${table}`, blocks: this.blocks(day, batches), token });
    } catch (error) {
      this.mayBeStored = true;
      throw error;
    }
  }

  private *blocks(day: number, batches: readonly EventBatch<T>[]): Generator<InsertBlock> {
    for (const { packed } of batches) {
      if (packed?.day === day) yield packed;
    }
    for (const rows of rowsOfDay(day, batches, this.options.nanosOf)) {
      const writer = this.options.shared?.writer ?? 0;
      const marks = BigUint64Array.from(rows.batches, (one) => batchMark(one.identity, writer));
      const columns: NamedColumn[] = [
        ...this.options.columns(rows),
        { name: "AvxBatch", column: { kind: "fixed", type: "UInt64", data: marks } },
      ];
      yield { columns, rows: rows.items.length };
    }
  }

  private async deleteFreeSegments(): Promise<void> {
    if (this.bytesSinceRotation > ROTATE_BYTES) {
      this.bytesSinceRotation = 0;
      this.wal.rotate();
    }
    const needed = new Set(this.waiting.all().map(({ position }) => segmentOf(position)));
    await this.wal.deleteSegments((segment) => !needed.has(segment));
  }

  /** Drops whole days older than the retention. */
  async dropBefore(beforeMs: number): Promise<void> {
    await dropOldPartitions(this.options.engine, this.options.table, beforeMs);
  }

  /** Closes the log. What is not a row yet comes back from it at the next start. */
  async close(): Promise<void> {
    await this.flushing;
    await this.wal.close();
  }
}
