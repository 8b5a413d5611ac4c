import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AnswerCache } from "./answer-cache.ts";
import { createTestServer, evenSeries, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

describe("AnswerCache", () => {
  const unchanged = { changesSince: () => ({ mark: 1, earliestMs: Infinity }) };

  it("gives back what is kept until its samples change", () => {
    let earliestMs = 6;
    const cache = new AnswerCache({ changesSince: () => ({ mark: 1, earliestMs }) });
    const body = { bytes: Buffer.from("answer") };
    cache.keep("a", { body, mark: 1, untilMs: 5 });
    expect(cache.find("a")).toBe(body);
    earliestMs = 5;
    expect(cache.find("a")).toBeUndefined();
    earliestMs = 6;
    expect(cache.find("a")).toBeUndefined();
  });

  it("forgets the longest unused answer beyond its size", () => {
    const cache = new AnswerCache(unchanged, 25);
    const body = { bytes: Buffer.from("0123456789"), compression: "gzip" } as const;
    for (const key of ["a", "b"]) cache.keep(key, { body, mark: 1, untilMs: 0 });
    cache.find("a");
    cache.keep("c", { body, mark: 1, untilMs: 0 });
    expect([cache.find("a"), cache.find("b")]).toEqual([body, undefined]);
  });
});

describe("a range query asked again", () => {
  const NOW = NOW_MS / 1000;
  let server: TestServer;
  beforeAll(async () => {
    server = await createTestServer();
    await server.add({ series: [evenSeries({ __name__: "up" }, [1, 1, 1])] });
  });
  afterAll(() => server.app.close());

  const ask = async (query = "sum(up)", more = "") => {
    const range = `start=${NOW - 20}&end=${NOW}&step=10`;
    const { json } = await server.get(
      `/api/v1/query_range?query=${encodeURIComponent(query)}&${range}${more}`,
    );
    return json;
  };
  const valuesOf = (values: readonly string[]) => ({
    data: { result: [{ values: values.map((value, i) => [NOW - 20 + 10 * i, value]) }] },
  });

  it("is evaluated once, and anew after late samples but not after later ones", async () => {
    const first = await ask();
    expect(first).toMatchObject(valuesOf(["1", "1", "1"]));
    const evaluated = server.evaluations();
    expect(await ask()).toEqual(first);
    const later = evenSeries({ __name__: "up" }, [9]);
    await server.add({
      series: [{ ...later, timestampsMs: Float64Array.of(NOW_MS + 10_000) }],
    });
    expect(await ask()).toEqual(first);
    expect(server.evaluations()).toBe(evaluated);
    await server.add({ series: [evenSeries({ __name__: "up", late: "yes" }, [5])] });
    expect(await ask()).toMatchObject(valuesOf(["1", "1", "6"]));
    expect(server.evaluations()).toBe(evaluated + 1);
  });

  it("is evaluated again when asked to, with statistics, or when it reads the future", async () => {
    const evaluated = server.evaluations();
    await ask("sum(up)", "&nocache=1");
    await ask("sum(up)", "&stats=true");
    await ask("sum(up)", "&stats=true");
    await ask("up offset -1m");
    await ask("up offset -1m");
    expect(server.evaluations()).toBe(evaluated + 5);
  });
});
