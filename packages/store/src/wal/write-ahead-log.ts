import { AvxError } from "@avx/model";
import type { WalFile, WalFileSystem } from "./wal-file-system.ts";
import { readRecords, recordBytes, recordHeader } from "./wal-record.ts";

/** A segment is closed at this size; it is the unit in which the log is deleted. */
const MAX_SEGMENT_BYTES = 64 * 1024 * 1024;

/** Bytes taken in but not yet durable; beyond, senders are told to come back. */
const MAX_QUEUED_BYTES = 64 * 1024 * 1024;

/** Segment numbers and offsets as one number that orders all records of a log. */
const SEGMENT_FACTOR = 2 ** 32;

const SEGMENT_NAME = /^(\d{8})\.wal$/;

/** Where a record ends: larger means later, across restarts too. */
export type WalPosition = number;

/** The segment that the position lies in. */
export function segmentOf(position: WalPosition): number {
  return Math.floor(position / SEGMENT_FACTOR);
}

/** Where the log lives and who gets its records. */
export interface WalOptions {
  readonly dir: string;
  readonly fileSystem: WalFileSystem;
  readonly log: (line: string) => void;
  /** New segments get at least this number: positions remembered elsewhere must stay in the past. */
  readonly firstSegment?: number;
  /** Called for each record found, oldest first, before `open` resolves. */
  readonly replay: (payload: Buffer, position: WalPosition) => void;
}

interface Entry {
  readonly segment: number;
  readonly payload: Uint8Array;
  readonly onDurable: (position: WalPosition) => void;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * An append-only log of records. Appends that arrive while a group is being synced form the next
 * group, so many senders share one fsync. A failed group is cut off the file, rejected as a whole
 * and followed by a new segment.
 */
export class WriteAheadLog {
  private readonly options: WalOptions;
  private file: WalFile | undefined;
  /** Segment that `file` belongs to, and its bytes known to be durable. */
  private fileSegment = 0;
  private durableBytes = 0;
  /** Segment that the next append goes to, and the bytes it will have then. */
  private nextSegment = 1;
  private plannedBytes = 0;
  private queue: Entry[] = [];
  private queuedBytes = 0;
  private pump: Promise<void> | undefined;
  private isClosed = false;
  /** Durable bytes of each segment. */
  private readonly segments = new Map<number, number>();
  /** Segments whose files are being removed. */
  private readonly leaving = new Set<number>();

  private constructor(options: WalOptions) {
    this.options = options;
  }

  /** Replays what the directory holds and cuts a torn tail off each segment. */
  static async open(options: WalOptions): Promise<WriteAheadLog> {
    const log = new WriteAheadLog(options);
    const { fileSystem, dir } = options;
    await fileSystem.makeDir(dir);
    const numbers = (await fileSystem.list(dir))
      .map((name) => Number(SEGMENT_NAME.exec(name)?.[1] ?? Number.NaN))
      .filter((number) => !Number.isNaN(number))
      .sort((a, b) => a - b);
    for (const number of numbers) await log.replaySegment(number);
    log.nextSegment = Math.max(log.nextSegment, options.firstSegment ?? 1);
    return log;
  }

  private async replaySegment(number: number): Promise<void> {
    const { fileSystem, log, replay } = this.options;
    const bytes = await fileSystem.read(this.path(number));
    let goodBytes = 0;
    for (const { payload, endOffset } of readRecords(bytes)) {
      replay(payload, number * SEGMENT_FACTOR + endOffset);
      goodBytes = endOffset;
    }
    if (goodBytes < bytes.length) {
      log(`log ${this.path(number)}: cut off ${bytes.length - goodBytes} torn bytes at the end`);
      await fileSystem.truncate(this.path(number), goodBytes);
    }
    this.segments.set(number, goodBytes);
    this.nextSegment = number + 1;
  }

  private path(segment: number): string {
    return `${this.options.dir}/${String(segment).padStart(8, "0")}.wal`;
  }

  /** The segment that the next `append` writes to. Records may rely on earlier ones of theirs. */
  get segment(): number {
    if (this.plannedBytes >= MAX_SEGMENT_BYTES) this.rotate();
    return this.nextSegment;
  }

  /** Durable bytes of all segments: what the next start reads. */
  get bytes(): number {
    let bytes = 0;
    for (const ofSegment of this.segments.values()) bytes += ofSegment;
    return bytes;
  }

  /** Lets the next append begin a new segment, unless the present one is still empty. */
  rotate(): void {
    if (this.plannedBytes === 0) return;
    this.nextSegment++;
    this.plannedBytes = 0;
  }

  /**
   * Resolves when the payload is durable; `onDurable` runs just before, in the order of the log.
   * The payload must not change until then. Rejects with `storage_full`, `overloaded` or
   * `store_unavailable`; the record then is not in the log (or, unacknowledged, may come back once).
   */
  append(payload: Uint8Array, onDurable: (position: WalPosition) => void): Promise<void> {
    if (this.isClosed) {
      return Promise.reject(new AvxError("store_unavailable", { reason: "the store is closed" }));
    }
    const bytes = recordBytes(payload);
    if (this.queuedBytes + bytes > MAX_QUEUED_BYTES) {
      const what = "the queue of the write-ahead log";
      return Promise.reject(new AvxError("overloaded", { what, retryAfterSeconds: 1 }));
    }
    const { segment } = this;
    this.plannedBytes += bytes;
    this.queuedBytes += bytes;
    return new Promise((resolve, reject) => {
      this.queue.push({ segment, payload, onDurable, resolve, reject });
      this.pump ??= this.drain();
    });
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      const { segment } = this.queue[0]!;
      const count = this.queue.findIndex((entry) => entry.segment !== segment);
      const group = this.queue.splice(0, count < 0 ? this.queue.length : count);
      await this.writeGroup(segment, group);
    }
    this.pump = undefined;
  }

  private async writeGroup(segment: number, group: readonly Entry[]): Promise<void> {
    try {
      const file = await this.fileFor(segment);
      await file.append(group.flatMap(({ payload }) => [recordHeader(payload), payload]));
      await file.sync();
    } catch (cause) {
      await this.fail(segment, group, cause);
      return;
    }
    for (const { payload, onDurable, resolve } of group) {
      this.durableBytes += recordBytes(payload);
      this.queuedBytes -= recordBytes(payload);
      this.segments.set(segment, this.durableBytes);
      onDurable(segment * SEGMENT_FACTOR + this.durableBytes);
      resolve();
    }
  }

  private async fileFor(segment: number): Promise<WalFile> {
    if (this.file && this.fileSegment === segment) return this.file;
    const before = this.file;
    this.file = undefined;
    await before?.close();
    this.file = await this.options.fileSystem.create(this.path(segment));
    this.segments.set(segment, 0);
    this.fileSegment = segment;
    this.durableBytes = 0;
    return this.file;
  }

  /** What follows in the queue may rely on the failed records, so it is rejected with them. */
  private async fail(segment: number, group: readonly Entry[], cause: unknown): Promise<void> {
    const rejected = [...group, ...this.queue.filter((entry) => entry.segment === segment)];
    this.queue = this.queue.filter((entry) => entry.segment !== segment);
    for (const { payload } of rejected) this.queuedBytes -= recordBytes(payload);
    if (this.nextSegment === segment) {
      this.nextSegment++;
      this.plannedBytes = 0;
    }
    await this.abandonFile();
    const error = writeError(cause);
    this.options.log(`log ${this.path(segment)}: ${error.message}`);
    for (const { reject } of rejected) reject(error);
  }

  private async abandonFile(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    if (!file) return;
    try {
      await file.truncate(this.durableBytes);
    } catch {
      // Replay stops at the first torn record, so what could not be cut off does no harm.
    }
    await file.close().catch(() => {});
  }

  /** Deletes the closed segments for which `isFree`; a failure is tried again at the next call. */
  async deleteSegments(isFree: (segment: number) => boolean): Promise<void> {
    for (const segment of [...this.segments.keys()]) {
      const isOpen = segment === this.fileSegment && this.file !== undefined;
      const isAwaited = this.queue.some((entry) => entry.segment === segment);
      // Another call may be at it, or done with it.
      const isLeaving = this.leaving.has(segment) || !this.segments.has(segment);
      if (isOpen || isAwaited || isLeaving) continue;
      if (segment >= this.nextSegment || !isFree(segment)) continue;
      this.leaving.add(segment);
      try {
        await this.options.fileSystem.remove(this.path(segment));
        this.segments.delete(segment);
      } finally {
        this.leaving.delete(segment);
      }
    }
  }

  /** Takes no more, waits for what is queued and closes the file. */
  async close(): Promise<void> {
    this.isClosed = true;
    while (this.pump) await this.pump;
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }
}

function writeError(cause: unknown): AvxError {
  const isFull = cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
  return isFull
    ? new AvxError("storage_full", { reason: "the write-ahead log cannot grow" }, { cause })
    : new AvxError(
        "store_unavailable",
        { reason: `the write-ahead log failed: ${cause}` },
        { cause },
      );
}
