import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage("troubled");
});
afterAll(() => stage.close());

describe("the data page", () => {
  it("says where the series come from, by series or by bytes, and leads to them", async () => {
    const { page, faults } = await stage.open("/");
    await page.getByRole("link", { name: "Data", exact: true }).click();
    await page.waitForURL(/\/data/);
    await page.getByText("1,704 active series, 1.70% of the 100,000 allowed").waitFor();
    const panel = page.locator(".panel").filter({ hasText: "Where the series come from" });
    const rows = panel.locator("tbody tr");
    expect(await rows.first().textContent()).toContain("http_server_request_duration");
    await panel.getByRole("button", { name: "By bytes" }).click();
    expect(await rows.first().textContent()).toContain("674\u202fkB");
    await panel.getByRole("button", { name: "Services" }).click();
    await panel.getByRole("columnheader", { name: "Refused" }).waitFor();
    expect(await rows.first().textContent()).toMatch(/avx-checkout.*31/);
    await panel.getByRole("button", { name: "Labels" }).click();
    await panel.getByRole("searchbox").fill("route");
    expect(await rows.count()).toBe(1);
    await panel.getByRole("link", { name: "http_route" }).click();
    await page.waitForURL(/\/explore\?/);
    expect(new URL(page.url()).searchParams.get("expr")).toBe(
      'topk(20, count by ("http_route") ({"http_route"!=""}))',
    );
    expect(await page.evaluate(() => Reflect.get(window, "__xss"))).toBeUndefined();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("says how good the data of each service is and what is wrong with it", async () => {
    const { page, faults } = await stage.open("/data");
    const scores = page.getByRole("table", { name: "Data quality by service, last 15 min" });
    await scores.getByText("Below the standard of 95%").waitFor();
    const findings = page.getByRole("table", { name: "Findings, last 15 min" });
    await findings.getByText("14 gaps").waitFor();
    await findings.getByText("Clock 7.4 sec ahead of this server").waitFor();
    await findings.getByRole("link", { name: "nodejs_eventloop_utilization_ratio" }).click();
    await page.waitForURL(/show=table/);
    await page.goto(`${stage.server.url}/data?service=avx-search`);
    await page.getByText("Nothing is wrong with what arrives").waitFor();
    expect(await scores.locator("tbody tr").count()).toBe(1);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("shows the disk now and at full retention, and when it runs out", async () => {
    const { page } = await stage.open("/data");
    await page.getByText(/^41\.0\sGB of 100\sGB used · Too early to tell: needs 18 min/).waitFor();
    const table = page.getByRole("table", { name: "Disk and retention" });
    const metrics = await table.getByRole("row", { name: /^Metrics/ }).textContent();
    expect(metrics).toMatch(/3\.20\sGB.*30 days.*460\sMB.*13\.8\sGB/);
    expect(await table.getByRole("row", { name: /^All/ }).textContent()).toMatch(/4\.11\sGB/);
    await page.context().close();
  });

  it("has a picture each for waiting, failing and nothing, and speaks Portuguese", async () => {
    const modes = [
      ["slow", "/data", "Loading what is sent"],
      ["error", "/data", "Could not load what is sent"],
      ["empty", "/data", "No series has been received yet"],
      ["error", "/data?lang=pt-BR", "Não foi possível carregar o uso do disco"],
    ] as const;
    for (const [mode, path, text] of modes) {
      stage.server.setMode(mode);
      const { page } = await stage.open(path);
      await page.getByText(text).first().waitFor();
      await page.context().close();
    }
    stage.server.setMode("troubled");
    const { page } = await stage.open("/data?lang=pt-BR");
    await page.getByText(/^Relógio 7,4\s?s.* à frente deste servidor$/).waitFor();
    await page.getByText("De onde vêm as séries").first().waitFor();
    await page.context().close();
  });
});
