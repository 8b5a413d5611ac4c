import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage("troubled");
});
afterAll(() => stage.close());

describe("the services page", () => {
  it("lists the services, worst first, with what is wrong in words", async () => {
    const { page, faults } = await stage.open("/");
    await page.getByRole("heading", { name: /3 of 12 services need attention/ }).waitFor();
    const rows = page.locator(".services-table tbody tr");
    expect(await rows.count()).toBe(12);
    expect(await rows.nth(0).textContent()).toMatch(
      /Failing[\s\S]*avx-checkout[\s\S]*expected at most/,
    );
    expect(await rows.nth(1).textContent()).toMatch(/Degraded[\s\S]*avx-api-core[\s\S]*Latency/);
    expect(await rows.nth(11).textContent()).toContain("Healthy");
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("shows new data by itself", async () => {
    const { page } = await stage.open("/");
    const rows = page.locator(".services-table tbody");
    const before = await rows.textContent();
    await expect.poll(() => rows.textContent(), { timeout: 15_000 }).not.toBe(before);
    await page.context().close();
  });

  it("asks every 5 s while live, and not at all while paused", async () => {
    const { page } = await stage.open("/");
    await page.clock.install();
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().includes("/api/avx/services")) asked++;
    });
    for (let turn = 0; turn < 3; turn++) {
      const answered = page.waitForResponse(/\/api\/avx\/services/);
      await page.clock.runFor(5_000);
      await answered;
    }
    expect(asked).toBe(3);
    const answered = page.waitForResponse(/\/api\/avx\/services/);
    await page.getByRole("button", { name: "Pause" }).click();
    await answered;
    // On a busy machine the answer may be that of the turn before; the pause's own is then under way.
    await page.waitForLoadState("networkidle");
    asked = 0;
    await page.clock.runFor(30_000);
    expect(asked).toBe(0);
    await page.context().close();
  });

  it("leads to a service by its name, with its charts, forecast and anomalies", async () => {
    const { page, faults } = await stage.open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("2");
    await page.waitForURL(/from=now-1h/);
    await page.getByRole("link", { name: "avx-api-core" }).first().click();
    await page.waitForURL(/\/services\/avx-api-core/);
    await page.getByRole("heading", { level: 1, name: "avx-api-core" }).waitFor();
    for (const title of ["Latency", "Request rate", "Error share", "Saturation", "Rate forecast"])
      await page.getByRole("img", { name: new RegExp(`^${title} in `) }).waitFor();
    await page.getByText("ARIMA(1,1,1), 95% interval").waitFor();
    await page.getByRole("link", { name: "Anomaly 3: Latency" }).waitFor();
    const label = await page.getByRole("img", { name: /^Latency in/ }).getAttribute("aria-label");
    expect(label).toMatch(/p99: last .*\sms, highest .*\sms at \d\d:\d\d:\d\d\. 2 anomalies\./);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("draws its charts in a browser whose locale is no language tag", async () => {
    const { page, faults } = await stage.open("/traces");
    await page.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "language", { get: () => "en-US@posix" });
    });
    await page.goto(`${stage.server.url}/services/avx-gateway`);
    await page.getByRole("img", { name: /^Latency in/ }).waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("says how much history a forecast lacks", async () => {
    const { page } = await stage.open("/services/avx-mailer");
    await page.getByText("has 17 samples, needs 40").waitFor();
    await page.context().close();
  });
});

describe("the traces", () => {
  it("open from the list, as a waterfall whose origin of the error is marked", async () => {
    const { page, faults } = await stage.open("/traces?errors=1");
    await page.locator(".trace-table tbody tr .row-link").first().click();
    await page.waitForURL(/\/traces\/[0-9a-f]{32}/);
    const rows = page.getByRole("treeitem");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(14);
    await page.getByRole("button", { name: "Go to the origin of the error" }).click();
    await page.waitForURL(/span=/);
    const details = page.getByRole("complementary", { name: "Span details" });
    await details.getByText("duplicate key value violates unique constraint").waitFor();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("are walked by the keyboard", async () => {
    const { page } = await stage.open("/traces");
    await page.locator(".trace-table tbody tr .row-link").first().click();
    const tree = page.getByRole("tree");
    await tree.waitFor();
    await tree.focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => page.getByRole("treeitem").count(), { timeout: 15_000 }).toBe(1);
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.getByRole("treeitem").count(), { timeout: 15_000 }).toBe(14);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("complementary", { name: "Span details" }).waitFor();
    await page.context().close();
  });

  it("keep their filters in the URL", async () => {
    const { page } = await stage.open("/traces");
    await page.getByLabel("At least (ms)").fill("300");
    await page.getByRole("button", { name: "Filter" }).click();
    await page.waitForURL(/min=300/);
    await page.getByLabel("Only with errors").check();
    await page.waitForURL(/errors=1/);
    await page.getByLabel("Service").selectOption("avx-gateway");
    await page.waitForURL(/service=avx-gateway/);
    await page.goBack();
    await page.waitForURL((url) => !url.search.includes("service="));
    expect(await page.getByLabel("Only with errors").isChecked()).toBe(true);
    await page.context().close();
  });
});

describe("the four pictures", () => {
  it("tell empty from broken, slow and old, each with a next step", async () => {
    stage.server.setMode("empty");
    const { page } = await stage.open("/");
    await page.getByText("No service has sent data in this time range").waitFor();
    await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${new URL(page.url()).origin}`).waitFor();
    await page.getByRole("button", { name: "Show the last 24 hr" }).waitFor();

    stage.server.setMode("error");
    await page.goto(`${stage.server.url}/?from=now-6h&to=now`);
    await page.getByText("Could not load the services").waitFor();
    await page.getByText("The server answered 503: the store is not available").waitFor();
    stage.server.setMode("calm");
    await page.getByRole("button", { name: "Try again" }).first().click();
    await page.getByText("All 2 services are healthy").waitFor();

    stage.server.setMode("error");
    await page.getByRole("button", { name: "Refresh" }).click();
    await page.getByText(/Showing data from .* refreshing fails/).waitFor();
    await page.getByText("All 2 services are healthy").waitFor();

    stage.server.setMode("broken");
    await page.goto(`${stage.server.url}/?from=now-24h&to=now`);
    await page.getByText(/could not be understood: answer\.nowMs: expected a number/).waitFor();

    stage.server.setMode("slow");
    await page.goto(`${stage.server.url}/`);
    await page.getByText("Loading the services…").waitFor();
    await page.getByText(/Still waiting/).waitFor();
    stage.server.setMode("troubled");
    await page.context().close();
  });
});
