import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage("troubled");
});
afterAll(() => stage.close());

describe("the page of anomalies", () => {
  it("groups them by service, explains each and draws the open ones", async () => {
    const { page, faults } = await stage.open("/");
    await page.getByRole("link", { name: "Anomalies", exact: true }).click();
    await page.waitForURL(/\/anomalies/);
    await page.getByRole("heading", { level: 1, name: "Anomalies" }).waitFor();
    const service = page.locator(".anomaly-group").filter({ hasText: "avx-api-core" });
    await service
      .getByRole("heading", { name: /Latency .* expected 0 ?.*s to .*ms/ })
      .first()
      .waitFor();
    await service
      .getByText(/since deploy 3f2c/)
      .first()
      .waitFor();
    await service.getByText("still open").first().waitFor();
    await service
      .getByRole("img", { name: /^Latency in/ })
      .first()
      .waitFor();
    await page.getByText("3 of 4 judged in 30 days were useful").waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("takes feedback and mutes", async () => {
    const { page, faults } = await stage.open("/anomalies");
    const item = page.locator(".anomaly-item").filter({ hasText: "Latency" }).first();
    await item.getByRole("button", { name: "Expected", exact: true }).click();
    await item.getByText("this signal now needs more evidence").waitFor();
    expect(
      await item
        .getByRole("button", { name: "Expected", exact: true })
        .getAttribute("aria-pressed"),
    ).toBe("true");
    await item.getByRole("button", { name: /^Mute Latency for 1/ }).click();
    await item.getByText(/^Muted until/).waitFor();
    const mutes = page.locator(".panel").filter({ hasText: "Muted" }).last();
    await mutes.getByText("avx-api-core Latency").waitFor();
    await mutes.getByText(/^until .* more · load test until noon$/).waitFor();
    await mutes.getByRole("button", { name: /^Unmute.*avx-search, All signals$/ }).click();
    await mutes.getByText("All signals of avx-search is no longer muted").waitFor();
    await mutes.getByText("load test until noon").waitFor({ state: "detached" });
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("says what was held back and why, and leads to the last similar one", async () => {
    const { page, faults } = await stage.open("/anomalies?service=avx-api-core");
    const held = page.locator(".panel").filter({ hasText: "Held back because of bad data" });
    await held.getByText(/^data quality 81.0% · 34.0% of the samples are missing$/).waitFor();
    await held.getByRole("heading", { name: /avx-api-core Latency .* for \w+day,? / }).waitFor();
    await page
      .getByText(/^Streaming: score 0\.\d+, threshold 0.750$/)
      .first()
      .waitFor();
    await page.getByRole("link", { name: "Show it" }).first().click();
    await page.waitForURL(/from=20\d\d-/);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("speaks Portuguese", async () => {
    const { page } = await stage.open("/anomalies?lang=pt-BR");
    await page.getByRole("heading", { level: 1, name: "Anomalias" }).waitFor();
    await page
      .getByText(/desde a implantação 3f2c/)
      .first()
      .waitFor();
    await page.context().close();
  });
});

describe("the ribbon of a service", () => {
  it("leads to the anomalies of the hour, or of the minute that the arrow keys chose", async () => {
    const { page, faults } = await stage.open("/");
    const ribbon = page.getByRole("link", { name: /^Anomaly score of avx-checkout in an hour/ });
    await ribbon.waitFor();
    const range = async (): Promise<number> => {
      const { searchParams } = new URL((await ribbon.getAttribute("href")) ?? "", "http://x");
      expect(searchParams.get("service")).toBe("avx-checkout");
      return Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "");
    };
    expect(await ribbon.getAttribute("aria-label")).toMatch(
      /highest 0.900 at .*, (?:9|10) minutes with/,
    );
    expect(await range()).toBe(3_600_000);
    await ribbon.focus();
    await page.keyboard.press("End");
    const said = page.locator(".cell-ribbon output").first();
    await expect.poll(() => said.textContent()).toMatch(/^\d\d:\d\d: score 0.900, 1 anomaly$/);
    expect(await range()).toBe(660_000);
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/anomalies\?.*service=avx-checkout/);
    await page.locator(".anomaly-item").first().waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("says where nothing was judged", async () => {
    const { page } = await stage.open("/");
    const cells = page.locator(".cell-ribbon path.ribbon-event");
    await expect.poll(() => cells.count()).toBe(2);
    await page.getByRole("link", { name: /^Anomaly score of avx-mailer in an hour/ }).waitFor();
    await page.context().close();
  });
});

describe("the page of a service", () => {
  it("says how good its data is and what lowers that", async () => {
    const { page, faults } = await stage.open("/services/avx-api-core");
    const panel = page.locator(".panel").filter({ hasText: "Data quality" });
    await panel.getByText("Nothing to complain of").waitFor();
    await panel.getByText(/^10[.0]*% of the samples are missing/).waitFor();
    await panel.getByText("2 findings of the last 24 hours were held back").waitFor();
    await panel.getByRole("button", { name: /^Control chart.*Latency$/ }).click();
    await panel.getByRole("img", { name: /^Control chart: Latency in seconds/ }).waitFor();
    await panel.getByText("0 samples beyond 6 σ").waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
