/** A person with a browser before a server with API keys: the built page and the real server. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runKeys } from "@avx/server";
import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser.ts";
import { startServer, type TestServer } from "./running-server.ts";

const DASHBOARD = join(import.meta.dirname, "../packages/dashboard");

describe("a browser before a server with keys", () => {
  const dataDir = mkdtempSync(join(tmpdir(), "avx-sign-in-"));
  const options = { env: { AVX_DATA_DIR: dataDir }, nowMs: Date.now };
  const [key = ""] = runKeys(["create", "--role", "read"], options).split("\n");
  let server: TestServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    await build({ configFile: join(DASHBOARD, "vite.config.ts"), logLevel: "warn" });
    server = await startServer(["--store", "memory"], { dataDir });
    browser = await launchBrowser();
    context = await browser.newContext({ locale: "pt-BR" });
    page = await context.newPage();
    page.on("console", (message) => {
      if (/Content.Security.Policy/i.test(message.text())) faults.push(message.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(dataDir, { recursive: true });
  });

  it("is asked for a key in its language, on a page without fault for axe and its own policy", async () => {
    await page.goto(`${server.url}/traces?errors=1`);
    expect(new URL(page.url()).pathname).toBe("/login");
    await page.getByLabel("Chave de API").fill("avx_wrong");
    await page.getByRole("button", { name: "Entrar" }).click();
    await page.getByRole("alert").waitFor();
    await page.evaluate(axe.source);
    const violations = await page.evaluate(async () => {
      const found = await Reflect.get(window, "axe").run();
      return found.violations.map(({ id }: { id: string }) => id);
    });
    expect(violations).toEqual([]);
    expect(faults).toEqual([]);
  });

  it("comes to the page that it wanted, with a cookie that no script can read", async () => {
    await page.goto(`${server.url}/traces?errors=1`);
    await page.getByLabel("Chave de API").fill(key);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1 }).waitFor();
    expect(page.url()).toBe(`${server.url}/traces?errors=1`);
    expect(await page.evaluate("document.cookie")).toBe("");
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: "Strict" }]);
  });

  it("is asked again when the session has ended under an open page", async () => {
    await context.clearCookies();
    // A live page asks again by itself.
    await page.getByLabel("Chave de API").waitFor();
    expect(new URL(page.url()).searchParams.get("next")).toBe("/traces?errors=1");
  });
});
