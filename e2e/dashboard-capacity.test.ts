import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage("troubled");
});
afterAll(() => stage.close());

describe("the capacity page", () => {
  it("ranks resources, and says when they run out, how sure that is, or what is missing", async () => {
    const { page, faults } = await stage.open("/");
    await page.getByRole("link", { name: "Capacity" }).click();
    await page.waitForURL(/\/capacity/);
    const rows = page.locator("tbody tr");
    await rows.first().waitFor();
    expect(await rows.first().textContent()).toMatch(
      /Event loop[\s\S]*Runs out in 3 hr[\s\S]*Between .* and .* \(95% interval\)[\s\S]*Error on the past/,
    );
    await page.getByText("May run out from").first().waitFor();
    await page.getByText("Too early to tell: needs 18 min more history").waitFor();
    await page.getByText("No forecast: tested on its own past").first().waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("has a picture for waiting, nothing, failure and old data", async () => {
    stage.server.setMode("slow");
    const { page } = await stage.open("/capacity");
    await page.getByText("Loading the capacity forecasts").waitFor();
    stage.server.setMode("error");
    await page.context().close();
    const failing = await stage.open("/capacity");
    await failing.page.getByText("Could not load the capacity forecasts").waitFor();
    await failing.page.context().close();
    stage.server.setMode("troubled");
    const old = await stage.open("/capacity");
    await old.page.locator("tbody tr").first().waitFor();
    stage.server.setMode("error");
    await old.page.getByRole("button", { name: "Refresh" }).click();
    await old.page.getByText(/^Showing data from/).waitFor();
    expect(await old.page.locator("tbody tr").count()).toBeGreaterThan(5);
    await old.page.context().close();
    stage.server.setMode("empty");
    const empty = await stage.open("/capacity");
    await empty.page.getByText("No resource has samples yet").waitFor();
    await empty.page.context().close();
    stage.server.setMode("troubled");
  });

  it.each([
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])("keeps the accessibility rules and the width at $width px", async (viewport) => {
    const { page } = await stage.open("/capacity?lang=pt-BR", { viewport });
    await page.locator("tbody tr").first().waitFor();
    await page.evaluate(axe.source);
    const findings = await page.evaluate(async () => {
      const { violations } = await Reflect.get(window, "axe").run();
      return violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [
        id,
        nodes.map(({ html }) => html.slice(0, 120)),
      ]);
    });
    expect(findings).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
    await page.context().close();
  });
});

describe("the key f", () => {
  it("lets each line of a chart go on as a forecast, and takes it away again", async () => {
    const { page, faults } = await stage.open("/services/avx-api-core?from=now-1h&to=now");
    const chart = page.locator("figure", {
      has: page.getByRole("heading", { name: "Latency" }),
    });
    const plot = chart.getByRole("img");
    await plot.waitFor();
    await plot.focus();
    await page.keyboard.press("f");
    await chart.getByText("Forecast of p50, p95, p99, 95% interval").waitFor();
    await chart.getByRole("button", { name: /^p99 .*forecast 500\sms/ }).waitFor();
    await chart.getByRole("button", { name: /^p99/ }).click();
    await chart.getByText("60 % theta + 40 % drift, 95% interval").waitFor();
    await plot.focus();
    await page.keyboard.press("End");
    await expect
      .poll(() => chart.locator("output").textContent())
      .toMatch(/: p99, forecast 500\sms$/);
    await page.keyboard.press("f");
    await chart
      .getByRole("button", { name: /forecast/ })
      .first()
      .waitFor({ state: "detached" });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("works on a chart that the pointer is over, of many lines on the first few", async () => {
    const { page } = await stage.open("/?from=now-1h&to=now");
    const chart = page.locator("figure", {
      has: page.getByRole("heading", { name: "Latency p99 by service" }),
    });
    await chart.getByRole("img").hover();
    await page.keyboard.press("f");
    await chart.getByText(/the first 4 visible; choose others in the legend$/).waitFor();
    await page.context().close();
  });

  it("says why when there is no forecast", async () => {
    const { page } = await stage.open("/services/avx-api-core?from=now-1h&to=now");
    const chart = page.locator("figure", {
      has: page.getByRole("heading", { name: "Error share" }),
    });
    await chart.getByRole("button", { name: /^Forecast/ }).click();
    await chart.getByText("No forecast: tested on its own past").waitFor();
    await page.context().close();
  });
});

describe("the editor", () => {
  it("does not mark our own functions as errors, and still marks what is one", async () => {
    const marks = ".cm-lintRange-error, .cm-lintPoint-error";
    const own = await stage.open("/explore?expr=avx_forecast(up[1h],+600)");
    await own.page.locator(".cm-content").waitFor();
    // Opened later, so when its mark is there the first editor had its time to make one, too.
    const wrong = await stage.open("/explore?expr=rate(up)");
    await wrong.page.locator(marks).first().waitFor();
    expect(await own.page.locator(marks).count()).toBe(0);
    await own.page.context().close();
    await wrong.page.context().close();
  });
});
