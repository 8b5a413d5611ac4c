import { AvxError } from "@avx/model";
import { FEW_ROWS } from "../engine/engine-parking.ts";
import type { EmbeddedMetrics } from "./embedded-metrics.ts";
import type { ExpiryClock } from "./expiry-clock.ts";

/** How often spans, logs and documents become rows: each insert costs the engine 3-4 ms. */
const EVENT_FLUSH_MS = 1_000;

/**
 * Events wait in their logs as long as this while the engine is parked, in memory for queries: else
 * a server with little to do would have it running all the time for some rows.
 */
const HELD_EVENTS_MS = 600_000;

/** How often closed blocks are looked for. */
const BLOCK_CHECK_MS = 10_000;

/** How often days beyond the retention are looked for. */
const RETENTION_CHECK_MS = 3_600_000;

/** The same failure again is said again only after this time. */
const REPEAT_LOG_MS = 60_000;

/** How often another process's wish for a snapshot is looked for. */
const REQUEST_CHECK_MS = 1_000;

/** What of an event table is to be looked after, and how long it is kept. */
export interface MaintainedEvents {
  readonly table: {
    pending(): readonly { readonly items: readonly unknown[] }[];
    flush(): Promise<void>;
    dropBefore(beforeMs: number): Promise<void>;
    alone(work: () => Promise<void>): Promise<void>;
  };
  readonly retentionMs: number | "off";
}

/** What the regular work is done on. */
export interface MaintenanceParts {
  readonly metrics: EmbeddedMetrics;
  readonly events: readonly MaintainedEvents[];
  readonly rollups: {
    readonly table: Pick<MaintainedEvents["table"], "dropBefore">;
    readonly retentionMs: number | "off";
  };
  readonly clock: ExpiryClock;
  /** Whether an insert would have to start the engine first. */
  readonly isParked: () => boolean;
  /** Makes the snapshots that other processes asked for. */
  readonly serveRequests: () => Promise<void>;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/** The store's regular work. A failure (engine restarting, disk full) is tried again at the next turn. */
export class Maintenance {
  private readonly parts: MaintenanceParts;
  private readonly timers: NodeJS.Timeout[];
  private readonly lastLogMs = new Map<string, number>();
  private readonly heldSinceMs = new Map<MaintainedEvents, number>();
  private running: Promise<unknown> = Promise.resolve();
  private expiring: Promise<void> = Promise.resolve();

  constructor(parts: MaintenanceParts) {
    this.parts = parts;
    this.timers = [
      this.every(EVENT_FLUSH_MS, () => this.flushDueEvents()),
      this.every(BLOCK_CHECK_MS, () => parts.metrics.maintain()),
      this.every(RETENTION_CHECK_MS, () => this.expire()),
      this.every(REQUEST_CHECK_MS, () => parts.serveRequests()),
    ];
  }

  /** Drops what expired while the store was closed. */
  async start(): Promise<void> {
    await this.attempt(() => this.expire());
  }

  private every(periodMs: number, work: () => Promise<void>): NodeJS.Timeout {
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      void this.attempt(work).finally(() => {
        isBusy = false;
      });
    }, periodMs);
    return timer.unref();
  }

  private attempt(work: () => Promise<void>): Promise<void> {
    const attempted = work().catch((error: unknown) => this.report(error));
    this.running = Promise.all([this.running, attempted]);
    return attempted;
  }

  private report(error: unknown): void {
    const line = error instanceof AvxError ? error.message : String(error);
    const cause = error instanceof AvxError && error.cause ? ` (${error.cause})` : "";
    const timeMs = this.parts.nowMs();
    if (timeMs - (this.lastLogMs.get(line) ?? -Infinity) < REPEAT_LOG_MS) return;
    this.lastLogMs.set(line, timeMs);
    this.parts.log(`maintenance: ${line}${cause}`);
  }

  private async flushDueEvents(): Promise<void> {
    const { events, isParked } = this.parts;
    if (isParked() && !events.some((one) => this.isTooMuchToHold(one))) return;
    this.heldSinceMs.clear();
    await this.flushEvents();
  }

  private isTooMuchToHold(one: MaintainedEvents): boolean {
    const items = one.table.pending().reduce((sum, batch) => sum + batch.items.length, 0);
    if (items === 0) return false;
    const timeMs = this.parts.nowMs();
    const sinceMs = this.heldSinceMs.get(one) ?? timeMs;
    this.heldSinceMs.set(one, sinceMs);
    // A clock that was set back does not hold them longer.
    return items >= FEW_ROWS || Math.abs(timeMs - sinceMs) >= HELD_EVENTS_MS;
  }

  private async flushEvents(): Promise<void> {
    for (const { table } of this.parts.events) await table.flush();
  }

  /** Runs `work` while nothing moves into the engine and nothing is dropped from it. */
  alone(work: () => Promise<void>): Promise<void> {
    const { metrics, events } = this.parts;
    const aloneOnEach = [metrics, ...events.map(({ table }) => table)].reduce(
      (inner, part) => () => part.alone(inner),
      work,
    );
    return this.afterExpiry(aloneOnEach);
  }

  private expire(): Promise<void> {
    return this.afterExpiry(() => this.dropExpired());
  }

  private afterExpiry(work: () => Promise<void>): Promise<void> {
    const result = this.expiring.then(work);
    this.expiring = result.catch(() => {});
    return result;
  }

  private async dropExpired(): Promise<void> {
    const { clock, metrics, events, rollups } = this.parts;
    await metrics.cleanTombstones();
    const nowMs = clock.trustedMs();
    if (nowMs === undefined) return;
    await metrics.expire(nowMs);
    if (rollups.retentionMs !== "off") {
      await rollups.table.dropBefore(nowMs - rollups.retentionMs);
    }
    for (const { table, retentionMs } of events) {
      if (retentionMs === "off") continue;
      // What came back from the log is seen to be in the table already, as long as it is there.
      await table.flush();
      await table.dropBefore(nowMs - retentionMs);
    }
  }

  /** Moves everything into the engine. */
  async flushAll(): Promise<void> {
    await this.flushEvents();
    await this.parts.metrics.flush();
  }

  /** Ends the timers and waits for work under way. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.running;
  }
}
