import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const NOW = NOW_MS / 1000;
let server: TestServer;
beforeAll(async () => {
  server = await createTestServer();
  const pods = Array.from({ length: 300 }, (_, pod) =>
    evenSeries({ __name__: "up", pod: `${pod}` }, [pod, 1 / 3, pod * 1.5]),
  );
  await server.add({ series: pods });
});
afterAll(() => server.app.close());

function ask(query: string, accepted: string | undefined) {
  const range = `start=${NOW - 300}&end=${NOW}&step=1`;
  const url = `/api/v1/query_range?query=${encodeURIComponent(query)}&${range}`;
  const headers = accepted === undefined ? {} : { "accept-encoding": accepted };
  return server.app.inject({ url, headers });
}

describe("an answer", () => {
  it.each([
    { what: "small, as it is", query: "up{pod='1'} + 1 < 0", accepted: "gzip" },
    { what: "some text", query: "sum(up) or vector(0)", accepted: "gzip, deflate", by: "gzip" },
    { what: "streamed", query: "up", accepted: "gzip", by: "gzip" },
    { what: "streamed for a browser", query: "up * 2", accepted: "gzip, br, zstd", by: "zstd" },
    { what: "streamed as it is", query: "up * 3" },
    { what: "refusing gzip", query: "up * 4", accepted: "gzip;q=0, deflate" },
  ])("is the same made and kept: $what", async ({ query, accepted, by }) => {
    const plain = (await ask(`${query} + 0`, undefined)).json().data;
    const evaluated = server.evaluations();
    for (let turn = 0; turn < 2; turn++) {
      const reply = await ask(query, accepted);
      const encoding = reply.headers["content-encoding"];
      expect([reply.statusCode, encoding]).toEqual([200, by]);
      const expand = { gzip: gunzipSync, zstd: zstdDecompressSync }[String(encoding)];
      const text = (expand ? expand(reply.rawPayload) : reply.rawPayload).toString();
      expect(JSON.parse(text).data.result.map(({ values }: Matrix) => values)).toEqual(
        plain.result.map(({ values }: Matrix) => values),
      );
    }
    expect(server.evaluations()).toBe(evaluated + 1);
  });

  it("kept compressed is made anew for a client that does not take it", async () => {
    await ask("up * 5", "gzip");
    const reply = await ask("up * 5", undefined);
    expect(reply.headers["content-encoding"]).toBeUndefined();
    expect(reply.json().data.result).toHaveLength(300);
  });
});

interface Matrix {
  readonly values: unknown;
}
