import { labelsFromRecord } from "@avx/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AnomaliesAnswer, AnomalyEvent, AnomalyRibbonsAnswer } from "../contract.ts";
import { createTestServer, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const MINUTE_MS = 60_000;
const anomaly = (minutesAgo: number, given: Partial<AnomalyEvent> = {}): AnomalyEvent => {
  const timestampMs = NOW_MS - minutesAgo * MINUTE_MS;
  return {
    ...{ id: `latency cart@${timestampMs}`, service: "cart", signal: "latency", metric: "" },
    ...{ timestampMs, endMs: null, value: 0.5, peakValue: 0.8, unit: "s", reason: "jump-up" },
    ...{ expectedLower: 0.1, expectedUpper: 0.2, detector: "Streaming", score: 0.9 },
    ...{ threshold: 0.75, ...given },
  };
};

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
  server.journal.put(anomaly(10));
  server.journal.put(anomaly(9.5, { id: "errors cart@1", signal: "errors", unit: "ratio" }));
});
afterAll(() => server.app.close());

const post = async (url: string, payload: object) => {
  const reply = await server.app.inject({ method: "POST", url, payload });
  return { status: reply.statusCode, json: reply.json() };
};
const anomalies = async () => {
  const { json } = await server.get("/api/avx/anomalies?service=cart");
  return json as AnomaliesAnswer; // The contract of the route, checked field by field below.
};

describe("POST /api/avx/events", () => {
  it("keeps a deployment, lists it, and names it in the explanation of what followed", async () => {
    const time = (NOW_MS - 12 * MINUTE_MS) / 1000;
    const deploy = { kind: "deploy", service: "cart", title: "3f2c", time };
    expect(await post("/api/avx/events", deploy)).toMatchObject({
      status: 200,
      json: { title: "3f2c", timestampMs: NOW_MS - 12 * MINUTE_MS },
    });
    const listed = await server.get("/api/avx/events?service=cart");
    expect(listed.json).toMatchObject({ events: [{ kind: "deploy", title: "3f2c" }] });
    const [, first] = (await anomalies()).anomalies;
    expect(first?.explanation.changes).toMatchObject([{ title: "3f2c" }]);
    expect(first?.explanation.related).toMatchObject([{ signal: "errors", service: "cart" }]);
  });

  it.each([
    [{ kind: "party", title: "x" }, '"party" is not one of deploy, config, note'],
    [{ kind: "deploy" }, "no title given"],
    [{ kind: "note", title: "x".repeat(501) }, "501 characters"],
    [{ kind: "note", title: "x", time: "soon" }, 'cannot parse "soon"'],
    [{ kind: "note", title: "x", who: "me" }, "unknown"],
    [[], "must be a JSON object"],
  ])("refuses %j", async (body, reason) => {
    const { status, json } = await post("/api/avx/events", body);
    expect(status).toBe(400);
    expect(json.error).toContain(reason);
  });
});

describe("POST /api/avx/anomalies/ID/feedback", () => {
  const url = `/api/avx/anomalies/${encodeURIComponent(anomaly(10).id)}/feedback`;

  it("raises the threshold of the series, and is shown with the anomaly", async () => {
    expect(await post(url, { verdict: "expected" })).toMatchObject({
      status: 200,
      json: { verdict: "expected", threshold: 1 - 0.25 / 1.5 },
    });
    const answer = await anomalies();
    expect(answer.anomalies[1]?.feedback).toBe("expected");
    expect(answer.verdicts).toEqual({ useful: 0, expected: 1 });
    const stored = await server.store.events.search({
      ...{ kind: "feedback", service: "cart", limit: 10 },
      range: { startMs: 0, endMs: NOW_MS },
    });
    expect(stored).toHaveLength(1);
  });

  it("refuses another verdict, and an anomaly that is not known", async () => {
    expect((await post(url, { verdict: "great" })).status).toBe(400);
    const unknown = await post("/api/avx/anomalies/x/feedback", { verdict: "useful" });
    expect(unknown).toMatchObject({ status: 404, json: { code: "not_found" } });
  });
});

describe("POST /api/avx/mutes", () => {
  it("adds a mute with an end", async () => {
    const body = { service: "cart", signal: "errors", durationMs: 3_600_000, note: "load test" };
    const untilMs = NOW_MS + 3_600_000;
    expect((await post("/api/avx/mutes", body)).json).toMatchObject({ signal: "errors", untilMs });
    const { json } = await server.get("/api/avx/mutes");
    expect(json).toMatchObject({ mutes: [{ service: "cart", note: "load test", untilMs }] });
  });

  it.each([
    [{ service: "cart" }, "durationMs"],
    [{ service: "cart", durationMs: 31 * 86_400_000 }, "durationMs"],
    [{ durationMs: 60_000 }, "no service given"],
    [{ service: "cart", durationMs: 60_000, signal: "mood" }, "mood"],
  ])("refuses %j", async (body, reason) => {
    const { status, json } = await post("/api/avx/mutes", body);
    expect(status).toBe(400);
    expect(json.error).toContain(reason);
  });
});

describe("GET /api/avx/anomalies/stream", () => {
  it("sends an anomaly when it is put into the journal", async () => {
    const address = await server.app.listen({ port: 0, host: "127.0.0.1" });
    const response = await fetch(`${address}/api/avx/anomalies/stream`);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read(); // The greeting.
    const event = anomaly(1, { id: "traffic cart@7" });
    server.journal.put(event);
    const { value = "" } = await reader.read();
    expect(value).toContain("id: traffic cart@7\n");
    expect(JSON.parse(/data: (.*)\n/.exec(value)?.[1] ?? "")).toEqual(event);
    await reader.cancel();
  });
});

describe("DELETE /api/avx/mutes/ID", () => {
  const remove = async (id: string) => {
    const url = `/api/avx/mutes/${encodeURIComponent(id)}`;
    const reply = await server.app.inject({ method: "DELETE", url });
    return { status: reply.statusCode, json: reply.json() };
  };

  it("ends a mute now, also over a restart, and no mute twice", async () => {
    const { json: made } = await post("/api/avx/mutes", { service: "till", durationMs: 60_000 });
    expect(await remove(made.id)).toMatchObject({
      ...{ status: 200, json: { ended: { service: "till", untilMs: NOW_MS } } },
    });
    const { json } = await server.get("/api/avx/mutes");
    expect(JSON.stringify(json)).not.toContain("till");
    const range = { startMs: 0, endMs: NOW_MS };
    const stored = await server.store.events.search({
      ...{ kind: "mute", service: "till", range, limit: 10 },
    });
    expect(stored.map(({ body }) => JSON.parse(body).untilMs)).toEqual([NOW_MS]);
    expect(await remove(made.id)).toMatchObject({ status: 404, json: { code: "not_found" } });
  });
});

describe("GET /api/avx/anomalies/held", () => {
  it("lists what was not paged and why, apart from what was", async () => {
    const problems = [{ dimension: "completeness", amount: 0.4 }] as const;
    const hold = { reason: "quality", quality: 0.6, problems } as const;
    const id = "latency lossy@1";
    server.held.put({ ...anomaly(3, { id, service: "lossy" }), hold });
    const { json } = await server.get("/api/avx/anomalies/held?service=lossy");
    expect(json).toMatchObject({ held: [{ id, hold }] });
    const { json: paged } = await server.get("/api/avx/anomalies?service=lossy");
    expect(paged).toMatchObject({ anomalies: [] });
    const { json: quality } = await server.get("/api/avx/quality?service=lossy");
    expect(quality).toMatchObject({ heldPages: 1 });
  });
});

describe("GET /api/avx/anomalies/ribbon", () => {
  it("gives the worst score and the open events of each cell", async () => {
    const score = (signal: string, minutesAgo: number, value: number) => ({
      labels: labelsFromRecord({ __name__: "avx_anomaly_score", service_name: "ribbon", signal }),
      timestampsMs: Float64Array.of(NOW_MS - minutesAgo * MINUTE_MS),
      values: Float64Array.of(value),
    });
    await server.add({ series: [score("latency", 25, 0.2), score("traffic", 24, 0.8)] });
    const given = { id: "traffic ribbon@1", service: "ribbon", endMs: NOW_MS - 12 * MINUTE_MS };
    server.journal.put(anomaly(24, given));
    const start = NOW_MS / 1000 - 1800;
    const url = `/api/avx/anomalies/ribbon?start=${start}&end=${NOW_MS / 1000}&cells=3`;
    const { json } = await server.get(url);
    const { ribbons, ...grid } = json as AnomalyRibbonsAnswer; // The route's contract.
    expect(grid).toEqual({ startMs: NOW_MS - 30 * MINUTE_MS, cellMs: 10 * MINUTE_MS, cells: 3 });
    expect(ribbons.find(({ service }) => service === "ribbon")).toEqual({
      ...{ service: "ribbon", scores: [0.8, null, null], events: [1, 1, 0] },
    });
    expect((await server.get("/api/avx/anomalies/ribbon?cells=0")).status).toBe(400);
  });
});
