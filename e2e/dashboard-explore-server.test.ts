import type { Browser, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { gaugeMetrics, postJson } from "./otlp-payloads.ts";
import { startServer, type TestServer } from "./running-server.ts";

const PAGE = `${import.meta.dirname}/../packages/dashboard/vite.config.ts`;
const EXPORTS = 20;
const EXPORT_MS = 5_000;
/** The page leaves out the newest seconds, in which samples are still arriving. */
const NEWEST_AGE_MS = 30_000;

let server: TestServer;
let browser: Browser;
let page: Page;
beforeAll(async () => {
  await build({ configFile: PAGE, logLevel: "warn" });
  server = await startServer(["--store", "memory"]);
  const nowMs = Date.now();
  for (const service of ["cart", "search"])
    for (let i = EXPORTS; i > 0; i--) {
      const timeMs = nowMs - NEWEST_AGE_MS - i * EXPORT_MS;
      const point = { service, name: "queue.depth", timeMs, value: i };
      const sent = await postJson(`${server.otlpUrl}/v1/metrics`, gaugeMetrics(point));
      expect(sent.status).toBe(200);
    }
  browser = await launchBrowser();
  page = await browser.newPage({ locale: "en", viewport: { width: 1440, height: 900 } });
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

describe("the metrics page before the real server", () => {
  it("says what a query cost, in samples and series that the server read", async () => {
    await page.goto(`${server.url}/explore?expr=sum(queue_depth)`);
    const stats = page.getByText(/^1 series, .* of 2 series read in /);
    await stats.waitFor();
    const read = /; ([\d,]+) samples of/.exec((await stats.textContent()) ?? "")?.[1] ?? "";
    // By Prometheus' rule a sample counts again in a step that looks back to it.
    expect(Number(read.replace(",", ""))).toBeGreaterThanOrEqual(2 * EXPORTS);
  });

  it("shows results of every type as a table, with the cost and the server's hints", async () => {
    const open = (expression: string): Promise<unknown> =>
      page.goto(`${server.url}/explore?show=table&expr=${encodeURIComponent(expression)}`);
    const cell = page.locator("main td.number").first();
    for (const [expression, shown] of [
      ["1 + 1", "2.00"],
      ["1 / 0", "Infinity"],
      ['"text"', "text"],
      ['queue_depth{service_name="cart"}[5m]', "1.00"],
    ]) {
      await open(expression ?? "");
      await expect.poll(() => cell.textContent()).toBe(shown);
    }
    await open('rate(queue_depth{service_name="cart"}[1m])');
    await page.getByText(/^1 row; .* samples of 1 series read in /).waitFor();
    await page.getByText(/metric might not be a counter/).waitFor();
  });

  it("asks for the forecast of each of several lines", async () => {
    await page.goto(`${server.url}/explore?expr=queue_depth`);
    await page.getByRole("button", { name: /^Forecast/ }).click();
    const note = page.locator(".chart-note");
    await expect
      .poll(() => note.textContent())
      .toMatch(/cart.*: Not enough history.*search.*: Not/);
  });

  it("suggests the labels of the metric and the values of a label in the builder", async () => {
    await page.goto(`${server.url}/explore?expr=queue_depth%7Bservice_name%3D%22cart%22%7D`);
    await page.getByRole("button", { name: "Builder" }).click();
    const form = page.getByRole("group", { name: "Builder" });
    const suggestions = async (label: string): Promise<readonly string[]> => {
      const list = await form.getByLabel(label).getAttribute("list");
      const options = page.locator(`datalist[id="${list}"] option`);
      return options.evaluateAll((all) => all.map((one) => one.getAttribute("value") ?? ""));
    };
    await expect.poll(() => suggestions("Value 1")).toEqual(["cart", "search"]);
    await expect.poll(() => suggestions("Label name 1")).toContain("service_name");
    expect(await suggestions("Label name 1")).not.toContain("__name__");
    await expect.poll(() => suggestions("Metric")).toContain("queue_depth");
    await page.getByLabel("Value 1").fill("search");
    await page.getByLabel("Value 1").press("Enter");
    await page.getByText(/ of 1 series read in /).waitFor();
    expect(new URL(page.url()).searchParams.get("expr")).toBe('queue_depth{service_name="search"}');
  });
});
