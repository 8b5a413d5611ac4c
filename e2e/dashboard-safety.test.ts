import { HOSTILE_NAMES } from "@avx/dashboard/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage("hostile");
});
afterAll(() => stage.close());

describe("hostile names", () => {
  it("are text in the list, and every service page opens under its own name", async () => {
    const { page, faults } = await stage.open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect((await page.locator(".services-table .service-text").allTextContents()).sort()).toEqual(
      [...HOSTILE_NAMES].sort(),
    );
    const links = await page
      .locator(".services-table .row-link")
      .evaluateAll((all) =>
        all.map((link) => ({ href: link.getAttribute("href"), name: link.textContent })),
      );
    for (const { href, name } of links) {
      await page.goto(`${stage.server.url}${href}`);
      await page.getByRole("img", { name: /^Latency in/ }).waitFor();
      expect(await page.locator(".service-head .service-text").textContent()).toBe(name);
    }
    expect(await page.evaluate(() => Reflect.get(window, "__xss"))).toBeUndefined();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("are text in traces and span attributes", async () => {
    const { page, faults } = await stage.open("/traces");
    await page.locator(".trace-table .row-link").first().click();
    await page.getByRole("treeitem").first().click();
    await page.getByText("<b>key</b>").waitFor();
    await page.getByText("<img src=x onerror=window.__xss=9>").waitFor();
    expect(await page.locator("main img, main script, main b").count()).toBe(0);
    expect(await page.evaluate(() => Reflect.get(window, "__xss"))).toBeUndefined();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("are text on the pages of anomalies, capacity and data, and in every link of theirs", async () => {
    for (const path of ["/anomalies", "/capacity", "/data"]) {
      const { page, faults } = await stage.open(path);
      await page.locator(".service-text, .row-link").first().waitFor();
      const links = await page
        .locator("main a")
        .evaluateAll((all) => all.map((a) => (a instanceof HTMLAnchorElement ? a.protocol : "")));
      expect(new Set(links)).toEqual(new Set(["http:"]));
      expect(await page.locator("main img, main script").count()).toBe(0);
      expect(await page.evaluate(() => Reflect.get(window, "__xss"))).toBeUndefined();
      expect(faults, path).toEqual([]);
      await page.context().close();
    }
  });

  it.each([
    "/services/%3Cimg%20src%3Dx%20onerror%3Dwindow.__xss%3D1%3E",
    "/%3Cscript%3Ewindow.__xss=1%3C/script%3E",
    '/?service="><script>window.__xss=1</script>&from=<svg onload=window.__xss=1>&lang=<b>',
    "/traces?min=%27%3Balert(1)&service=javascript:alert(1)#<img src=x onerror=window.__xss=1>",
    "/traces/%ff%fe",
  ])("in path, query and fragment do nothing: %s", async (path) => {
    const { page, faults } = await stage.open(path);
    await page.locator("main > *").first().waitFor();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    expect(await page.evaluate(() => Reflect.get(window, "__xss"))).toBeUndefined();
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(faults.filter((fault) => !fault.includes("404"))).toEqual([]);
    await page.context().close();
  });
});

describe("the content security policy", () => {
  it("is not violated on any page, with palette, help, tooltip and theme used", async () => {
    stage.server.setMode("troubled");
    const { page, faults } = await stage.open("/services/avx-api-core?from=now-1h&to=now");
    await page.locator(".u-over").first().hover();
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.keyboard.press("d");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.locator(".trace-table .row-link").first().click();
    await page.getByRole("treeitem").nth(3).click();
    await page.getByRole("complementary").waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
