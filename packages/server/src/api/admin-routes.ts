import type { SignalUse, Store } from "@avx/store";
import type { FastifyInstance } from "fastify";
import type { SignalStorage, StorageAnswer } from "../contract.ts";

/** What the routes of operators ask. */
export interface AdminPorts {
  readonly store: Store;
  readonly nowMs: () => number;
}

/** `/api/avx/storage`. */
export function registerAdminRoutes(app: FastifyInstance, { store, nowMs }: AdminPorts): void {
  app.get("/api/avx/storage", async (): Promise<StorageAnswer> => {
    const uses = (await store.admin?.storageUse()) ?? [];
    return { nowMs: nowMs(), signals: uses.map(signalStorage) };
  });
}

function signalStorage(use: SignalUse): SignalStorage {
  const { oldestMs, bytesPerDay, bytesAtFullRetention, retentionMs } = use;
  return {
    ...use,
    oldestMs: oldestMs ?? null,
    retentionMs: retentionMs === "off" ? null : retentionMs,
    bytesPerDay: bytesPerDay === undefined ? null : Math.round(bytesPerDay),
    bytesAtFullRetention:
      bytesAtFullRetention === undefined ? null : Math.round(bytesAtFullRetention),
  };
}
