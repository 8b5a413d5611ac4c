import { labelsFromRecord } from "@avx/model";
import { encodeWriteRequest, snappyEncode } from "@avx/wire";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeServer, type RunningServer } from "../compose.ts";
import { parseServerConfig } from "../config.ts";

const STEP_MS = 1000;
const SAMPLES = 4000;
const SERIES = 20;
const END_MS = Math.floor(Date.now() / STEP_MS) * STEP_MS;

let server: RunningServer;
let url: string;

beforeAll(async () => {
  const doors = ["--listen", "127.0.0.1:0", "--otlp-listen", "off", "--otlp-grpc-listen", "off"];
  const config = parseServerConfig([...doors, "--store", "memory", "--query-workers", "1"], {});
  const nowMs = (): number => Date.now();
  server = await composeServer(config, { nowMs, log: () => {}, version: "0.0.0-test" });
  url = `http://127.0.0.1:${server.address.port}`;
  expect(await write(0)).toBe(204);
});
afterAll(() => server.close());

/** 20 series of a sample a second, `shiftMs` after those of before. */
async function write(shiftMs: number): Promise<number> {
  const count = shiftMs === 0 ? SAMPLES : 1;
  const series = Array.from({ length: SERIES }, (_, i) => ({
    labels: labelsFromRecord({ __name__: "m", n: `${i}` }),
    timestampsMs: Float64Array.from(
      { length: count },
      (_, k) => END_MS + shiftMs - k * STEP_MS,
    ).sort(),
    values: Float64Array.from({ length: count }, (_, k) => (k * 7919) % 1000),
  }));
  const body = snappyEncode(encodeWriteRequest({ series, metadata: [], exemplars: [] }));
  const headers = { "content-type": "application/x-protobuf", "content-encoding": "snappy" };
  const init = { method: "POST", headers, body: Buffer.from(body) };
  return (await fetch(`${url}/api/v1/write`, init)).status;
}

/** Seconds of work for one thread. */
function heavy(signal?: AbortSignal): Promise<Response> {
  const query = "sum(quantile_over_time(0.9, m[2000s]))";
  const range = { start: `${END_MS / 1000 - 2000}`, end: `${END_MS / 1000}`, step: "5" };
  const parameters = new URLSearchParams({ query, ...range, nocache: "1" });
  return fetch(`${url}/api/v1/query_range?${parameters}`, signal ? { signal } : {});
}

describe("a server with a heavy query under way", () => {
  it("answers health checks, ingest and light queries meanwhile", async () => {
    const abort = new AbortController();
    const order: string[] = [];
    const long = heavy(abort.signal).then(
      () => order.push("heavy"),
      () => order.push("given up"),
    );
    for (let i = 1; i <= 3; i++) {
      order.push(`health ${(await fetch(`${url}/-/healthy`)).status}`);
      order.push(`ingest ${await write(i * STEP_MS)}`);
      order.push(`light ${(await fetch(`${url}/api/v1/query?query=count(m)`)).status}`);
    }
    abort.abort();
    await long;
    const turn = ["health 200", "ingest 204", "light 200"];
    expect(order).toEqual([...turn, ...turn, ...turn, "given up"]);
  });

  it("answers the next one, as JSON of the thread", async () => {
    const reply = await heavy();
    expect(reply.status).toBe(200);
    const { status, data } = await reply.json();
    expect([status, data.resultType, data.result.length]).toEqual(["success", "matrix", 1]);
    expect(data.result[0].values).toHaveLength(401);
  });

  it("stops without waiting for it", async () => {
    const long = heavy().then(
      async (reply) => (await reply.json()).errorType,
      () => "connection closed",
    );
    await fetch(`${url}/-/healthy`);
    await server.close();
    expect(["canceled", "connection closed"]).toContain(await long);
  });
});
