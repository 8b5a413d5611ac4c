import type { NativeHistogram } from "@avx/model";
import { encodeMetricFamilies, METRIC_FAMILY_CONTENT_TYPE } from "@avx/wire";
import { describe, expect, it } from "vitest";
import { scrapeLab, servePage, T0, withGlobal } from "./fixtures/scrape-lab.ts";
import { parseScrapeConfig } from "./parse-scrape-config.ts";
import { buildTarget, firstScrapeMs } from "./target.ts";

const job = (address: string, more = ""): string =>
  `- job_name: j\n  static_configs: [{targets: ["${address}"], labels: {env: dev}}]\n${more}`;

describe("scraping", () => {
  it("stores a page with the labels of its target and reports about the scrape", async () => {
    const page = await servePage('# TYPE hits counter\nhits{code="200"} 3\nhits{code="500"} 1\n');
    const lab = await scrapeLab(job(page.address));
    await lab.round();
    expect(await lab.newest("hits")).toEqual([
      'hits{"code":"200","env":"dev","job":"j"} 3',
      'hits{"code":"500","env":"dev","job":"j"} 1',
    ]);
    expect(await lab.newest("up")).toEqual(['up{"env":"dev","job":"j"} 1']);
    expect(await lab.newest("scrape_samples_scraped")).toEqual([
      'scrape_samples_scraped{"env":"dev","job":"j"} 2',
    ]);
    expect(await lab.newest("scrape_series_added")).toEqual([
      'scrape_series_added{"env":"dev","job":"j"} 2',
    ]);
    await lab.round();
    expect((await lab.newest("scrape_series_added"))[0]).toMatch(/ 0$/);
    const [first = 0, second = 0] = await lab.timesMs("up");
    expect(second - first).toBe(10_000);
    expect(page.asked[0]?.headers.accept).toContain("application/openmetrics-text");
    expect(page.asked[0]?.headers["x-prometheus-scrape-timeout-seconds"]).toBe("10");
  });

  it("marks a series that is no more on the page as stale, and no other", async () => {
    const page = await servePage("a 1\nb 2\n");
    const lab = await scrapeLab(job(page.address));
    await lab.round();
    page.text = "b 3\n";
    await lab.round();
    expect(await lab.newest("a")).toEqual(['a{"env":"dev","job":"j"} stale']);
    expect(await lab.newest("b")).toEqual(['b{"env":"dev","job":"j"} 3']);
  });

  it.each([
    ["an answer that is no 200", { status: 503 }, "HTTP status 503"],
    ["a page with a fault", { text: "a 1\nb {\n" }, "line 2"],
  ])("takes %s as down: up is 0, series are stale", async (_, change, error) => {
    const page = await servePage("a 1\n");
    const lab = await scrapeLab(job(page.address));
    await lab.round();
    Object.assign(page, change);
    await lab.round();
    expect(await lab.newest("up")).toEqual(['up{"env":"dev","job":"j"} 0']);
    expect(await lab.newest("a")).toEqual(['a{"env":"dev","job":"j"} stale']);
    const [target] = lab.scraping.pools[0]?.targets ?? [];
    expect(target?.status).toMatchObject({ health: "down" });
    expect(target?.status.lastError).toContain(error);
  });

  it("reads OpenMetrics when the target answers it", async () => {
    const page = await servePage("# TYPE hits counter\nhits_total 4 1700000001.5\n# EOF\n");
    page.contentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    const lab = await scrapeLab(job(page.address));
    await lab.round();
    expect(await lab.newest("hits_total")).toEqual(['hits_total{"env":"dev","job":"j"} 4']);
    expect(await lab.timesMs("hits_total")).toEqual([1500]);
  });

  it("asks for protobuf where native histograms are wanted, and keeps them as such", async () => {
    const histogram: NativeHistogram = {
      ...{ schema: 0, zeroThreshold: 0, zeroCount: 0, sum: 3, count: 2 },
      ...{ positiveSpans: [{ offset: 1, length: 1 }], positiveBuckets: Float64Array.of(2) },
      ...{ negativeSpans: [], negativeBuckets: new Float64Array(0) },
      ...{ customBounds: new Float64Array(0), counterResetHint: "unknown" },
    };
    const metric = { labels: ["path", "/a"], timestampMs: T0 + 10_000, value: 0 };
    const page = await servePage("");
    page.text = encodeMetricFamilies([
      { name: "wait", type: "histogram", metrics: [{ ...metric, histogram }] },
      { name: "hits", type: "untyped", metrics: [{ ...metric, value: 3 }] },
    ]);
    page.contentType = METRIC_FAMILY_CONTENT_TYPE;
    const lab = await scrapeLab(job(page.address, "  scrape_native_histograms: true\n"));
    await lab.round();
    const labels = '{"env":"dev","job":"j","path":"/a"}';
    expect(await lab.newest("wait")).toEqual([`wait${labels} histogram of 2`]);
    expect(await lab.newest("hits")).toEqual([`hits${labels} 3`]);
    expect(page.asked[0]?.headers.accept).toMatch(/^application\/vnd\.google\.protobuf;proto=/);
    Object.assign(page, { text: "hits 1\n", contentType: "text/plain" });
    await lab.round();
    expect(await lab.newest("up")).toEqual(['up{"env":"dev","job":"j"} 1']);
  });

  it("moves labels of the page out of the way of those of the target, unless honoured", async () => {
    const page = await servePage('a{job="own",env="x"} 1\n');
    const moved = await scrapeLab(job(page.address));
    await moved.round();
    expect(await moved.newest("a")).toEqual([
      'a{"env":"dev","exported_env":"x","exported_job":"own","job":"j"} 1',
    ]);
    const honoured = await scrapeLab(job(page.address, "  honor_labels: true\n"));
    await honoured.round();
    expect(await honoured.newest("a")).toEqual(['a{"env":"x","job":"own"} 1']);
  });

  it("keeps times of the page, or not when they are not honoured", async () => {
    const page = await servePage("a 1 1699999999000\n");
    const kept = await scrapeLab(job(page.address));
    await kept.round();
    expect(await kept.timesMs("a")).toEqual([-1000]);
    const own = await scrapeLab(job(page.address, "  honor_timestamps: false\n"));
    await own.round();
    expect(await own.timesMs("a")).toEqual(await own.timesMs("up"));
  });

  it("relabels samples and counts those left", async () => {
    const page = await servePage('a{x="1"} 1\nb 2\n');
    const rules = "{source_labels: [__name__], regex: b, action: drop}";
    const rename = "{source_labels: [x], target_label: y}";
    const more = `  metric_relabel_configs: [${rules}, ${rename}]\n`;
    const lab = await scrapeLab(job(page.address, more));
    await lab.round();
    expect(await lab.newest("a")).toEqual(['a{"env":"dev","job":"j","x":"1","y":"1"} 1']);
    expect(await lab.newest("b")).toEqual([]);
    expect((await lab.newest("scrape_samples_scraped"))[0]).toMatch(/ 2$/);
    expect((await lab.newest("scrape_samples_post_metric_relabeling"))[0]).toMatch(/ 1$/);
  });

  it.each([
    ["sample_limit: 1", "sample_limit"],
    ["label_limit: 3", "label_limit"],
    ["label_value_length_limit: 3", "label_value_length_limit"],
    ["body_size_limit: 10B", "body_size_limit"],
  ])("takes nothing of a page beyond %s", async (limit, error) => {
    const page = await servePage('a{x="long"} 1\nb{x="long"} 2\n');
    const lab = await scrapeLab(job(page.address, `  ${limit}\n`));
    await lab.round();
    expect(await lab.newest("a")).toEqual([]);
    expect((await lab.newest("up"))[0]).toMatch(/ 0$/);
    expect(lab.scraping.pools[0]?.targets[0]?.status.lastError).toContain(error);
  });

  it("sends what identifies it, and parameters", async () => {
    const page = await servePage("a 1\n");
    const basic = "  basic_auth: {username: u, password: p}\n  params: {m: [x, y]}\n";
    await (await scrapeLab(job(page.address, basic))).round();
    const bearer = await scrapeLab(
      job(page.address, "  authorization: {credentials_file: token}\n  metrics_path: /m\n"),
    );
    await bearer.write("token", "secret\n");
    await bearer.round();
    expect(page.asked.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["/metrics?m=x&m=y", `Basic ${Buffer.from("u:p").toString("base64")}`],
      ["/m", "Bearer secret"],
    ]);
  });

  it("follows files of targets, and ends a target that is gone from them", async () => {
    const [one, two] = [await servePage("a 1\n"), await servePage("b 2\n")];
    const lab = await scrapeLab("- job_name: f\n  file_sd_configs: [{files: ['t*.json']}]\n");
    await lab.write("t1.json", JSON.stringify([{ targets: [one.address], labels: { n: "1" } }]));
    await lab.round();
    await lab.round();
    expect(await lab.newest("a")).toEqual(['a{"job":"f","n":"1"} 1']);
    await lab.write("t1.json", JSON.stringify([{ targets: [two.address] }]));
    await lab.round();
    await lab.round();
    expect(await lab.newest("a")).toEqual(['a{"job":"f","n":"1"} stale']);
    expect(await lab.newest("up")).toEqual(['up{"job":"f","n":"1"} stale', 'up{"job":"f"} 1']);
    await lab.write("t1.json", "[{");
    await lab.round();
    expect((await lab.newest("b"))[0]).toMatch(/ 2$/);
  });

  it("asks a service for targets", async () => {
    const page = await servePage("a 1\n");
    const sd = await servePage(JSON.stringify([{ targets: [page.address] }]));
    sd.contentType = "application/json";
    const url = `http://${sd.address}/sd`;
    const keepUrl = "{source_labels: [__meta_url], target_label: from}";
    const lab = await scrapeLab(
      `- job_name: h\n  http_sd_configs: [{url: "${url}"}]\n  relabel_configs: [${keepUrl}]\n`,
    );
    await lab.round();
    expect(await lab.newest("a")).toEqual([`a{"from":"${url}","job":"h"} 1`]);
  });

  it("keeps the configuration before when the new one is wrong, and ends what a good one leaves out", async () => {
    const page = await servePage("a 1\n");
    const lab = await scrapeLab(job(page.address));
    await lab.round();
    await lab.write("prometheus.yml", "scrape_configs:\n- job_name: 1\n  scheme: ftp\n");
    await expect(lab.scraping.reload()).rejects.toThrow(/prometheus\.yml line 3/);
    expect(lab.scraping.lastReload.isSuccess).toBe(false);
    await lab.round();
    expect(await lab.timesMs("a")).toHaveLength(2);
    await lab.write("prometheus.yml", withGlobal(""));
    await lab.scraping.reload();
    expect(await lab.newest("a")).toEqual(['a{"env":"dev","job":"j"} stale']);
    expect(lab.scraping.lastReload.isSuccess).toBe(true);
  });

  it("goes on with the series of a target whose job changed", async () => {
    const page = await servePage("a 1\nb 1\n");
    const lab = await scrapeLab(job(page.address));
    await lab.round();
    const drop =
      "  metric_relabel_configs: [{source_labels: [__name__], regex: b, action: drop}]\n";
    await lab.write("prometheus.yml", withGlobal(job(page.address, drop)));
    await lab.scraping.reload();
    await lab.round();
    await lab.round();
    expect(await lab.newest("b")).toEqual(['b{"env":"dev","job":"j"} stale']);
    expect(await lab.newest("a")).toEqual(['a{"env":"dev","job":"j"} 1']);
  });

  it("goes on when the clock is set back", async () => {
    const page = await servePage("a 1\n");
    const lab = await scrapeLab(job(page.address));
    await lab.round();
    await lab.round(-3_600_000);
    await lab.round();
    expect(await lab.timesMs("a")).toHaveLength(2);
  });

  it("spreads targets over the interval, each at a place of its own that it keeps", () => {
    const text = withGlobal("- job_name: j\n");
    const [scrapeJob] = parseScrapeConfig(text, { name: "p", directory: "/" }).jobs;
    const places = Array.from({ length: 1000 }, (_, i) => {
      const outcome = buildTarget(scrapeJob!, `host${i}:1`, {});
      if (outcome.kind !== "target") throw new Error(outcome.kind);
      const first = firstScrapeMs(outcome.target, 1_700_000_000_000);
      expect(firstScrapeMs(outcome.target, first)).toBe(first + 10_000);
      return first % 10_000;
    });
    for (let second = 0; second < 10; second++) {
      const inside = places.filter((place) => Math.floor(place / 1000) === second).length;
      expect(inside).toBeGreaterThan(60);
      expect(inside).toBeLessThan(140);
    }
  });
});
