import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage("troubled");
});
afterAll(() => stage.close());

const SERVICE = "/services/avx-api-core?from=now-1h&to=now";

async function dragOverLatency(page: Page): Promise<void> {
  await page.getByRole("img", { name: /^Latency in/ }).waitFor();
  const plot = page.locator(".chart-canvas .u-over").first();
  await plot.waitFor();
  const box = await plot.boundingBox();
  if (!box) throw new Error("the plot has no place");
  await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 42, { steps: 4 });
  await page.mouse.move(box.x + box.width * 0.5, box.y + 44, { steps: 4 });
  await page.mouse.up();
}

describe("zoom", () => {
  it("lands in the URL, and Back, reload and a fresh browser show the same window", async () => {
    const { page } = await stage.open(SERVICE);
    await dragOverLatency(page);
    await page.waitForURL(/from=20\d\d-/);
    const zoomed = page.url();
    const from = Date.parse(new URL(zoomed).searchParams.get("from") ?? "");
    const to = Date.parse(new URL(zoomed).searchParams.get("to") ?? "");
    expect((to - from) / 900_000).toBeCloseTo(1, 1);
    const label = await page.locator(".range-text").first().textContent();

    await page.goBack();
    await page.waitForURL((url) => url.search === "?from=now-1h&to=now");
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.goForward();
    await page.waitForURL(zoomed);
    await page.reload();
    expect(await page.locator(".range-text").first().textContent()).toBe(label);

    const fresh = await stage.open(zoomed.slice(stage.server.url.length));
    expect(await fresh.page.locator(".range-text").first().textContent()).toBe(label);
    await fresh.page.context().close();
    await page.context().close();
  });

  it("zooms once, also with synced cursors", async () => {
    const { page } = await stage.open(SERVICE);
    const before = await page.evaluate(() => history.length);
    await dragOverLatency(page);
    await page.waitForURL(/from=20\d\d-/);
    expect(await page.evaluate(() => history.length)).toBe(before + 1);
    await page.context().close();
  });
});

/** Keeps all that is written on a canvas; runs in the page. */
function recordCanvasTexts(): void {
  const drawn: string[] = [];
  Reflect.set(window, "drawnTexts", drawn);
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (...parameters) {
    drawn.push(parameters[0]);
    fillText.apply(this, parameters);
  };
}

describe("language", () => {
  it("changes texts, numbers, axis labels and the document's language", async () => {
    const { page } = await stage.open(SERVICE);
    await page.addInitScript(recordCanvasTexts);
    await page.reload();
    await page.getByRole("button", { name: "PT: Português (Brasil)" }).click();
    await page.waitForURL(/lang=pt-BR/);
    await page.locator('html[lang="pt-BR"]').waitFor();
    await page.getByText("Taxa de requisições").first().waitFor();
    expect(await page.title()).toContain("AVX Telemetry");
    await expect
      .poll(() => page.evaluate(() => String(Reflect.get(window, "drawnTexts"))), {
        timeout: 15_000,
      })
      .toMatch(/1\.000\s\/s[\s\S]*de nov\./);
    await page.context().close();
  });

  it("follows the browser when nothing was chosen", async () => {
    const { page } = await stage.open("/", { locale: "pt-BR" });
    await page.getByText("3 de 12 serviços precisam de atenção").waitFor();
    await page.context().close();
  });
});

describe("theme", () => {
  it("follows the system until it is chosen, and the choice is kept", async () => {
    const { page } = await stage.open("/", { colorScheme: "light" });
    const theme = () => page.locator("html").getAttribute("data-theme");
    expect(await theme()).toBe("light");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(theme, { timeout: 15_000 }).toBe("dark");
    await page.getByRole("button", { name: "Switch to light theme" }).click();
    await page.waitForURL(/theme=light/);
    expect(await theme()).toBe("light");
    await page.goto(`${stage.server.url}/traces`);
    expect(await theme()).toBe("light");
    await page.context().close();
  });
});

describe("time range", () => {
  it("is chosen by button, by text and by palette; nonsense is explained", async () => {
    const { page } = await stage.open("/");
    await page.getByRole("button", { name: /^Time range/ }).click();
    await page.getByRole("button", { name: "Last 6 hr", exact: true }).click();
    await page.waitForURL(/from=now-6h&to=now/);
    await page.getByRole("button", { name: /^Time range: Last 6 hr/ }).click();
    await page.getByLabel("From").fill("yesterday");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByRole("alert").getByText("Not a time range").waitFor();
    await page.getByLabel("From").fill("now-2h30m");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.waitForURL(/from=now-2h30m/);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Commands" }).fill("last 24");
    await page.keyboard.press("Enter");
    await page.waitForURL(/from=now-1d/);
    await page.context().close();
  });
});

describe("palette and help", () => {
  it("follow each other as fast as keys do: a help that closes leaves the palette open", async () => {
    const { page } = await stage.open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.evaluate(() => {
      document.querySelector("dialog")?.close();
      document.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true }));
    });
    await page.getByRole("combobox", { name: "Commands" }).fill("last 24");
    await page.keyboard.press("Enter");
    await page.waitForURL(/from=now-1d/);
    await page.context().close();
  });

  it("open by key, go where they say, and give the focus back", async () => {
    const { page } = await stage.open("/");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Commands" }).click();
    await page.getByRole("combobox", { name: "Commands" }).fill("PAYM");
    await page.getByRole("option", { name: "Service: avx-payments" }).waitFor();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/services\/avx-payments/);
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.waitForURL(/\/traces/);
    await page.context().close();
  });
});
