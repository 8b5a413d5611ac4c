import type { MetricMetadata } from "@avx/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestServer, evenSeries, type TestServer } from "../fixtures/test-server.ts";
import { jaroWinkler } from "./jaro-winkler.ts";
import { subsequenceScore } from "./subsequence-score.ts";

const NAMES = ["go_info", "http_request_size", "http_requests_total", "node_http", "up"];
let server: TestServer;

beforeAll(async () => {
  server = await createTestServer();
  const metadata: MetricMetadata[] = [
    { name: "http_requests_total", type: "counter", help: "Requests.", unit: "" },
  ];
  const series = NAMES.map((name, i) => evenSeries({ __name__: name, job: `job${i % 2}` }, [1]));
  await server.add({ series, metadata });
});
afterAll(() => server.app.close());

/** The lines of an answer. */
async function search(request: string): Promise<{ status: number; lines: unknown[] }> {
  const reply = await server.app.inject({ method: "GET", url: `/api/v1/search/${request}` });
  const lines = reply.body.trimEnd().split("\n");
  return { status: reply.statusCode, lines: lines.map((line) => JSON.parse(line)) };
}

const END = { status: "success", has_more: false };

describe("search routes", () => {
  it("give everything in the order of values when nothing is searched for", async () => {
    const { lines } = await search("metric_names");
    expect(lines).toEqual([{ results: NAMES.map((name) => ({ name })) }, END]);
  });

  it("find names by characters in their order, the best first when asked", async () => {
    const { lines } = await search("metric_names?search[]=http&sort_by=score&include_score=true");
    const [{ results }] = lines as [{ results: { name: string; score: number }[] }];
    expect(results.map(({ name }) => name)).toEqual([
      "http_request_size",
      "http_requests_total",
      "node_http",
    ]);
    expect(results.map(({ score }) => score === 1)).toEqual([true, true, false]);
  });

  it("add metadata, cut to the limit and say that there is more", async () => {
    const { lines } = await search("metric_names?search[]=_t&include_metadata=1&limit=1");
    expect(lines).toEqual([
      { results: [{ name: "http_request_size" }] },
      { status: "success", has_more: true },
    ]);
    const asked = "metric_names?search[]=total&include_metadata=true";
    expect((await search(asked)).lines[0]).toEqual({
      results: [{ name: "http_requests_total", type: "counter", help: "Requests." }],
    });
  });

  it("send batches of the asked size, and one empty batch for nothing", async () => {
    const { lines } = await search(
      "label_values?label=job&batch_size=1&sort_by=alpha&sort_dir=dsc",
    );
    expect(lines).toEqual([
      { results: [{ value: "job1" }] },
      { results: [{ value: "job0" }] },
      END,
    ]);
    expect((await search("label_names?search[]=zzz")).lines).toEqual([{ results: [] }, END]);
  });

  it("are scoped by selectors, and fold case when asked", async () => {
    const scoped = await search("metric_names?match[]={job='job1'}");
    expect(scoped.lines[0]).toEqual({
      results: [{ name: "http_request_size" }, { name: "node_http" }],
    });
    const folded = await search("label_names?search[]=JOB&case_sensitive=false");
    expect(folded.lines[0]).toEqual({ results: [{ name: "job" }] });
  });

  it("find what is alike only above a threshold", async () => {
    const asked = "metric_names?fuzz_alg=jarowinkler&search[]=go_infp";
    expect((await search(asked)).lines[0]).toEqual({ results: [] });
    expect((await search(`${asked}&fuzz_threshold=90`)).lines[0]).toEqual({
      results: [{ name: "go_info" }],
    });
  });

  it.each([
    ["metric_names?limit=0", 'invalid limit "0": must be a positive integer'],
    ["metric_names?fuzz_threshold=101", 'invalid fuzz_threshold "101": must be 0-100'],
    [
      "metric_names?fuzz_alg=x",
      'unsupported fuzz_alg "x": must be one of [subsequence jarowinkler]',
    ],
    ["metric_names?sort_by=score", "sort_by=score requires search[] to be set"],
    ["metric_names?sort_dir=asc", "sort_dir is only valid when sort_by is set"],
    ["label_values", 'missing required parameter "label"'],
    ["label_names?case_sensitive=maybe", 'invalid case_sensitive "maybe": must be boolean'],
  ])("refuse %s as Prometheus does", async (request, error) => {
    const { status, lines } = await search(request);
    expect([status, lines[0]]).toMatchObject([400, { errorType: "bad_data", error }]);
  });
});

describe("subsequenceScore", () => {
  // By the formula of strutil.SubsequenceMatcher, worked out by hand.
  it.each([
    ["", "anything", 1],
    ["up", "up", 1],
    ["x", "up", 0],
    ["pu", "up", 0],
    ["ab", "xab", (0.999 * (4 - 1 / 3)) / 4],
    ["ac", "abc", (0.999 * (1 + 1 - 1 / 3)) / 4],
    ["ab", "abxx", (0.999 * (4 - 2 / 8)) / 4],
  ])("of %j in %j is %d", (pattern, text, score) => {
    expect(subsequenceScore(pattern, text)).toBeCloseTo(score, 12);
  });
});

describe("jaroWinkler", () => {
  // Winkler's own examples (1990, table of string comparators).
  it.each([
    ["MARTHA", "MARHTA", 0.9611],
    ["DWAYNE", "DUANE", 0.84],
    ["DIXON", "DICKSONX", 0.8133],
    ["A", "", 0],
    ["same", "same", 1],
  ])("of %s and %s is %d", (one, other, score) => {
    expect(jaroWinkler(one, other)).toBeCloseTo(score, 4);
  });
});
