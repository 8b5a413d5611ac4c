import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { floats, strings } from "../engine/block-access.ts";
import type { Engine } from "../engine/engine.ts";
import type { SignalUse, StoredSignal } from "../store.ts";

const DAY_MS = 86_400_000;

/** Whole days that the bytes of a day are averaged over: a week has its quiet days too. */
const AVERAGED_DAYS = 7;

/** A day that has just begun says little: not less than an hour of it is scaled up. */
const MIN_SHARE_OF_DAY = 1 / 24;

const SIGNAL_OF_TABLE: Readonly<Record<string, StoredSignal>> = {
  chunks: "metrics",
  series: "metrics",
  metadata: "metrics",
  rollups: "rollups",
  otel_traces: "traces",
  otel_logs: "logs",
  documents: "documents",
  events: "events",
};

/** The folders below `wal` are named for their signal. */
const SIGNALS: readonly StoredSignal[] = [...new Set(Object.values(SIGNAL_OF_TABLE))];

/** What the use is read of. */
export interface StorageUseParts {
  readonly engine: Engine;
  readonly dataDir: string;
  readonly nowMs: () => number;
  readonly retentionMs: Readonly<Record<StoredSignal, number | "off">>;
}

/** Bytes of one table on one day (since 1970); tables without days have them on none. */
interface DayBytes {
  readonly table: string;
  readonly day: number | undefined;
  readonly bytes: number;
}

/** Bytes on disk of each signal, and what they will be when the retention is full. */
export async function readStorageUse(parts: StorageUseParts): Promise<readonly SignalUse[]> {
  const days = await dayBytes(parts.engine);
  return Promise.all(
    SIGNALS.map(async (signal) => {
      const ofSignal = days.filter(({ table }) => SIGNAL_OF_TABLE[table] === signal);
      const logBytes = await folderBytes(join(parts.dataDir, "wal", signal));
      const retentionMs = parts.retentionMs[signal];
      return signalUse(signal, ofSignal, { nowMs: parts.nowMs(), retentionMs, logBytes });
    }),
  );
}

async function dayBytes(engine: Engine): Promise<DayBytes[]> {
  const answer = await engine.query(
    `SELECT table, toFloat64(sum(bytes_on_disk)) AS bytes,
       toFloat64(if(partition = 'tuple()', -1,
         if(partition LIKE '____-__-__', toInt32(toDateOrZero(partition)),
           toInt32OrZero(partition_id)))) AS day
     FROM system.parts WHERE active AND database = 'avx' GROUP BY table, day`,
  );
  const found: DayBytes[] = [];
  for (const block of answer) {
    for (let row = 0; row < block.rows; row++) {
      const day = floats(block, "day")[row]!;
      found.push({
        table: strings(block, "table").text(row),
        day: day < 0 ? undefined : day,
        bytes: floats(block, "bytes")[row]!,
      });
    }
  }
  return found;
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = names.map((name) => stat(join(folder, name)).then(({ size }) => size, noBytes));
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A segment that goes while it is counted. */
function noBytes(): number {
  return 0;
}

interface UseContext {
  readonly nowMs: number;
  readonly retentionMs: number | "off";
  readonly logBytes: number;
}

function signalUse(
  signal: StoredSignal,
  parts: readonly DayBytes[],
  context: UseContext,
): SignalUse {
  const { nowMs, retentionMs, logBytes } = context;
  const byDay = new Map<number, number>();
  let bytes = 0;
  for (const { day, bytes: some } of parts) {
    bytes += some;
    if (day !== undefined) byDay.set(day, (byDay.get(day) ?? 0) + some);
  }
  const bytesPerDay = usualDay(byDay, nowMs);
  const isForecast = bytesPerDay !== undefined && retentionMs !== "off";
  const oldestDay = byDay.size === 0 ? undefined : Math.min(...byDay.keys());
  return {
    ...{ signal, bytes, logBytes, retentionMs, bytesPerDay, days: byDay.size },
    oldestMs: oldestDay === undefined ? undefined : oldestDay * DAY_MS,
    bytesAtFullRetention: isForecast ? (bytesPerDay * retentionMs) / DAY_MS : undefined,
  };
}

/** Of the last whole days; of a first day, what it will be at this rate. */
function usualDay(byDay: ReadonlyMap<number, number>, nowMs: number): number | undefined {
  const today = Math.floor(nowMs / DAY_MS);
  const whole = [...byDay]
    .filter(([day]) => day < today)
    .sort(([a], [b]) => b - a)
    .slice(0, AVERAGED_DAYS);
  if (whole.length > 0) return whole.reduce((sum, [, some]) => sum + some, 0) / whole.length;
  const soFar = byDay.get(today);
  if (soFar === undefined) return undefined;
  return soFar / Math.max(MIN_SHARE_OF_DAY, (nowMs % DAY_MS) / DAY_MS);
}
