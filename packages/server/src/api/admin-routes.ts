import { AvxError } from "@avx/model";
import type { SignalUse, Store, StoreAdmin } from "@avx/store";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { ServerConfig } from "../config.ts";
import type { SignalStorage, StorageAnswer } from "../contract.ts";
import { badData, requestParameters } from "./parameters.ts";
import { requiredSelectors } from "./selector-parameters.ts";
import { timeRange } from "./time-range.ts";

/** What the routes of operators ask. */
export interface AdminPorts {
  readonly config: Pick<ServerConfig, "adminApi">;
  readonly store: Pick<Store, "admin">;
  readonly nowMs: () => number;
}

/** `/api/avx/storage`, and Prometheus' `/api/v1/admin/tsdb/*` behind `--enable-admin-api`. */
export function registerAdminRoutes(app: FastifyInstance, ports: AdminPorts): void {
  app.get("/api/avx/storage", async (): Promise<StorageAnswer> => {
    const uses = await ports.store.admin.storageUse();
    return { nowMs: ports.nowMs(), signals: uses.map(signalStorage) };
  });
  const method = ["POST", "PUT"];
  app.route({
    method,
    url: "/api/v1/admin/tsdb/delete_series",
    handler: async (request, reply) => {
      const admin = allowed(request, ports);
      const parameters = requestParameters(request);
      const range = timeRange(parameters);
      // Prometheus answers 204 and deletes nothing: a mistyped range would look like a deletion.
      if (range.endMs < range.startMs) {
        throw badData("end timestamp must not be before start time");
      }
      await admin.deleteSeries(requiredSelectors(parameters), range);
      return reply.code(204).send();
    },
  });
  app.route({
    method,
    url: "/api/v1/admin/tsdb/clean_tombstones",
    handler: async (request, reply) => {
      await allowed(request, ports).cleanTombstones();
      return reply.code(204).send();
    },
  });
  app.route({
    method,
    url: "/api/v1/admin/tsdb/snapshot",
    handler: async (request) => {
      const admin = allowed(request, ports);
      const name = await admin.snapshot({ skipHead: skipHead(requestParameters(request)) });
      return { status: "success", data: { name } };
    },
  });
}

/** Throws unless the routes are switched on and the caller is no page of another site. */
export function checkAdmin(
  { headers }: Pick<FastifyRequest, "headers">,
  { adminApi }: AdminPorts["config"],
): void {
  if (!adminApi) throw new AvxError("admin_disabled");
  const site = headers["sec-fetch-site"] ?? "none";
  if (site !== "none" && site !== "same-origin") {
    throw new AvxError("bad_request", { reason: "pages of other sites may not do this" });
  }
}

function allowed(request: FastifyRequest, { config, store }: AdminPorts): StoreAdmin {
  checkAdmin(request, config);
  return store.admin;
}

function skipHead(parameters: URLSearchParams): boolean {
  const text = parameters.get("skip_head") ?? "";
  if (["", "0", "f", "F", "false", "False", "FALSE"].includes(text)) return false;
  if (["1", "t", "T", "true", "True", "TRUE"].includes(text)) return true;
  throw badData(`unable to parse boolean "${text}"`);
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
