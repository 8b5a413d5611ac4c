import { describe, expect, it } from "vitest";
import { scrapeJobYaml } from "../api/scrape-job-yaml.ts";
import { scrapeLab, servePage } from "./fixtures/scrape-lab.ts";

const job = (address: string, more = ""): string =>
  `- job_name: j\n  static_configs: [{targets: ["${address}"]}]\n${more}`;
const value = (lines: readonly string[]): string | undefined => lines[0]?.split(" ").at(-1);

describe("extra_scrape_metrics", () => {
  it("reports timeout, limit and size of the page, and -1 for one that is too long", async () => {
    const page = await servePage("a 1\n");
    const limits = "  sample_limit: 7\n  scrape_timeout: 5s\n  body_size_limit: 10B\n";
    const lab = await scrapeLab(job(page.address, `${limits}  extra_scrape_metrics: true\n`));
    await lab.round();
    expect(value(await lab.newest("scrape_timeout_seconds"))).toBe("5");
    expect(value(await lab.newest("scrape_sample_limit"))).toBe("7");
    expect(value(await lab.newest("scrape_body_size_bytes"))).toBe("4");
    page.text = "abcdefgh 1\n";
    await lab.round();
    expect(value(await lab.newest("scrape_body_size_bytes"))).toBe("-1");
    expect(value(await lab.newest("up"))).toBe("0");
  });

  it("is off when not asked for", async () => {
    const lab = await scrapeLab(job((await servePage("a 1\n")).address));
    await lab.round();
    expect(await lab.newest("scrape_timeout_seconds")).toEqual([]);
  });
});

describe("fallback_scrape_protocol", () => {
  const openMetrics = "# TYPE hits counter\nhits_total 4\n# EOF\n";

  it("reads a page whose content type says nothing", async () => {
    const page = await servePage(openMetrics);
    page.contentType = "application/octet-stream";
    const fallback = "  fallback_scrape_protocol: OpenMetricsText1.0.0\n";
    const lab = await scrapeLab(job(page.address, fallback));
    await lab.round();
    const { metadata } = lab.scraping.pools[0]!.targets[0]!.status;
    expect(metadata).toMatchObject([{ name: "hits", type: "counter" }]);
    expect(value(await lab.newest("hits_total"))).toBe("4");
  });

  it("does not outdo a content type that names a format", async () => {
    const page = await servePage("hits 4\n");
    const fallback = "  fallback_scrape_protocol: OpenMetricsText1.0.0\n";
    const lab = await scrapeLab(job(page.address, fallback));
    await lab.round();
    expect(value(await lab.newest("up"))).toBe("1");
  });

  it("names a protocol", async () => {
    const wrong = scrapeLab(job("127.0.0.1:1", "  fallback_scrape_protocol: Text\n"));
    await expect(wrong).rejects.toThrow(/line \d+.*fallback_scrape_protocol "Text"/);
  });
});

describe("http_headers", () => {
  it("are sent to the target, from the file itself and from others, and not shown", async () => {
    const page = await servePage("a 1\n");
    const headers = '{X-Tenant: {values: [shop]}, X-Key: {secrets: ["s3cret"]}}';
    const lab = await scrapeLab(job(page.address, `  http_headers: ${headers}\n`));
    await lab.round();
    expect(page.asked[0]?.headers).toMatchObject({ "x-tenant": "shop", "x-key": "s3cret" });
    const shown = scrapeJobYaml(lab.scraping.pools[0]!.job);
    expect(shown).toContain("X-Tenant");
    expect(shown).not.toMatch(/s3cret|shop/);
  });

  it.each([
    ["{Authorization: {values: [x]}}", "reserved"],
    ['{"X Y": {values: [x]}}', "not the name of a header"],
    ['{X: {values: ["a\\r\\nb"]}}', "line end"],
  ])("refuse %s", async (headers, words) => {
    await expect(scrapeLab(job("127.0.0.1:1", `  http_headers: ${headers}\n`))).rejects.toThrow(
      words,
    );
  });
});
