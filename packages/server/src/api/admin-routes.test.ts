import type { StoreAdmin } from "@avx/store";
import { describe, expect, it } from "vitest";
import { registerAdminRoutes } from "./admin-routes.ts";
import { createBareApp } from "./http-app.ts";

const NOW_MS = 1_700_000_100_000;
const DELETE = "/api/v1/admin/tsdb/delete_series";
const CLEAN = "/api/v1/admin/tsdb/clean_tombstones";
const SNAPSHOT = "/api/v1/admin/tsdb/snapshot";

/** The routes over a store that notes what it is asked. */
function routes({ adminApi = true } = {}) {
  const asked: unknown[] = [];
  const admin: StoreAdmin = {
    storageUse: async () => [
      {
        ...{ signal: "metrics", bytes: 300, logBytes: 7, days: 2, retentionMs: 864e5 * 30 },
        ...{ oldestMs: 864e5, bytesPerDay: 150.4, bytesAtFullRetention: 4512.2 },
      },
      {
        ...{ signal: "logs", bytes: 0, logBytes: 0, days: 0, retentionMs: "off" },
        ...{ oldestMs: undefined, bytesPerDay: undefined, bytesAtFullRetention: undefined },
      },
    ],
    deleteSeries: async (...given) => void asked.push(given),
    cleanTombstones: async () => void asked.push("clean"),
    snapshot: async (options) => {
      asked.push(options);
      return "20231114T221500Z-0123456789abcdef";
    },
  };
  const app = createBareApp(() => {});
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_, body, done) => done(null, new URLSearchParams(String(body))),
  );
  registerAdminRoutes(app, {
    config: { adminApi },
    store: { admin },
    nowMs: () => NOW_MS,
  });
  const send = async (url: string, headers = {}) => {
    const reply = await app.inject({ method: "POST", url, headers });
    return { status: reply.statusCode, body: reply.body === "" ? undefined : reply.json() };
  };
  return { app, asked, send };
}

// Frames and texts: web/api/v1/api.go of Prometheus, deleteSeries, snapshot and cleanTombstones.
describe("the routes of operators", () => {
  it("delete series of a range, all time when none is given, with an empty answer", async () => {
    const { asked, send } = routes();
    const found = await send(`${DELETE}?match[]=up&match[]={a="b"}&start=1&end=2.5`);
    expect(found).toEqual({ status: 204, body: undefined });
    await send(`${DELETE}?match[]=up`);
    const up = [{ name: "__name__", op: "=", value: "up" }];
    expect(asked).toEqual([
      [[up, [{ name: "a", op: "=", value: "b" }]], { startMs: 1000, endMs: 2500 }],
      [[up], { startMs: -8.64e15, endMs: 8.64e15 }],
    ]);
  });

  it("take a form and PUT too", async () => {
    const { app, asked } = routes();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const reply = await app.inject({ method: "PUT", url: DELETE, payload: "match[]=up", headers });
    expect([reply.statusCode, asked.length]).toEqual([204, 1]);
  });

  it("refuse to delete without a selector", async () => {
    expect(await routes().send(DELETE)).toMatchObject({
      status: 400,
      body: { errorType: "bad_data", error: "no match[] parameter provided" },
    });
  });

  it.each([
    ["match[]=up&start=2&end=1", "end timestamp must not be before start time"],
    ["match[]=up&start=noon", "cannot parse"],
    ["match[]=up&end=x", "cannot parse"],
    ["match[]=up{", "parse error"],
    ["match[]={a!=%22b%22}", "at least one"],
  ])("refuse to delete by %s", async (parameters, reason) => {
    const { asked, send } = routes();
    const { status, body } = await send(`${DELETE}?${parameters}`);
    expect([status, body.errorType]).toEqual([400, "bad_data"]);
    expect(body.error).toContain(reason);
    expect(asked).toEqual([]);
  });

  it("clean up and make snapshots", async () => {
    const { asked, send } = routes();
    expect((await send(CLEAN)).status).toBe(204);
    expect(await send(`${SNAPSHOT}?skip_head=true`)).toEqual({
      status: 200,
      body: { status: "success", data: { name: "20231114T221500Z-0123456789abcdef" } },
    });
    await send(SNAPSHOT);
    expect(asked).toEqual(["clean", { skipHead: true }, { skipHead: false }]);
    expect((await send(`${SNAPSHOT}?skip_head=maybe`)).status).toBe(400);
  });

  it.each([DELETE, CLEAN, SNAPSHOT])("are off unless they are asked for: %s", async (url) => {
    const { asked, send } = routes({ adminApi: false });
    expect(await send(`${url}?match[]=up`)).toMatchObject({
      status: 503,
      body: { status: "error", errorType: "unavailable", error: "admin APIs disabled" },
    });
    expect(asked).toEqual([]);
  });

  it("do nothing for a page of another site", async () => {
    const { asked, send } = routes();
    expect((await send(CLEAN, { "sec-fetch-site": "cross-site" })).status).toBe(400);
    expect((await send(CLEAN, { "sec-fetch-site": "same-origin" })).status).toBe(204);
    expect(asked).toEqual(["clean"]);
  });

  it("tell what each signal takes of the disk", async () => {
    const reply = await routes().app.inject("/api/avx/storage");
    expect(reply.json()).toEqual({
      nowMs: NOW_MS,
      signals: [
        {
          ...{ signal: "metrics", bytes: 300, logBytes: 7, days: 2, retentionMs: 864e5 * 30 },
          ...{ oldestMs: 864e5, bytesPerDay: 150, bytesAtFullRetention: 4512 },
        },
        {
          ...{ signal: "logs", bytes: 0, logBytes: 0, days: 0, retentionMs: null },
          ...{ oldestMs: null, bytesPerDay: null, bytesAtFullRetention: null },
        },
      ],
    });
  });
});
