import { zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const NOW = NOW_MS / 1000;
const RANGE = `start=${NOW - 20}&end=${NOW}&step=10`;
let server: TestServer;

beforeAll(async () => {
  server = await createTestServer();
  const values = Array.from({ length: 60 }, (_, i) => i);
  const series = Array.from({ length: 30 }, (_, i) =>
    evenSeries({ __name__: "m", n: `${i}` }, values),
  );
  await server.add({ series });
});
afterAll(() => server.app.close());

async function statistics(request: string) {
  const { json } = await server.get(`/api/v1/${request}`);
  return (json as { data: { stats: unknown } }).data.stats;
}

describe("statistics of a query", () => {
  it("count the samples of all steps and say how long everything took", async () => {
    // A window of 30 s has 3 samples; each step after the first has one new one.
    expect(await statistics(`query_range?query=rate(m{n="1"}[30s])&${RANGE}&stats=true`)).toEqual({
      timings: {
        evalTotalTime: expect.any(Number),
        resultSortTime: 0,
        queryPreparationTime: expect.any(Number),
        innerEvalTime: expect.any(Number),
        execQueueTime: expect.any(Number),
        execTotalTime: expect.any(Number),
      },
      samples: { totalQueryableSamples: 9, samplesRead: 5, peakSamples: expect.any(Number) },
      seriesFetched: 1,
    });
  });

  it("with all, count them by step as well", async () => {
    expect(await statistics(`query_range?query=sum(m)&${RANGE}&stats=all`)).toMatchObject({
      samples: {
        totalQueryableSamples: 90,
        totalQueryableSamplesPerStep: [
          [NOW - 20, 30],
          [NOW - 10, 30],
          [NOW, 30],
        ],
        samplesReadPerStep: [
          [NOW - 20, 30],
          [NOW - 10, 30],
          [NOW, 30],
        ],
      },
    });
    expect(await statistics(`query?query=m&time=${NOW}&stats=all`)).toMatchObject({
      samples: { totalQueryableSamplesPerStep: [[NOW, 30]] },
    });
  });
});

describe("compression", () => {
  const url = `/api/v1/query_range?query=m&${RANGE}`;
  const asked = async (encoding: string) => {
    const headers = { "accept-encoding": encoding };
    return server.app.inject({ method: "GET", url, headers });
  };

  it("is zstd for those who take it, else gzip", async () => {
    const plain = await asked("identity");
    const zstd = await asked("gzip, deflate, br, zstd");
    expect(zstd.headers["content-encoding"]).toBe("zstd");
    expect(zstdDecompressSync(zstd.rawPayload).toString()).toBe(plain.body);
    expect(zstd.rawPayload.length).toBeLessThan(plain.rawPayload.length / 3);
    expect((await asked("gzip, deflate")).headers["content-encoding"]).toBe("gzip");
    expect(plain.headers["content-encoding"]).toBeUndefined();
  });
});
