import { type FakeMode, type FakeServer, startFakeServer } from "@avx/dashboard/testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { build } from "vite";
import { launchBrowser } from "./browser.ts";

/** A built dashboard before a fake server, and a browser to look at it. */
export interface Stage {
  readonly server: FakeServer;
  /** Opens a path in a context of its own and waits for nothing but the document. */
  open(path: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

/** A page and what went wrong on it so far. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, exceptions, policy violations and requests to other hosts. */
  readonly faults: string[];
}

const DASHBOARD = `${import.meta.dirname}/../packages/dashboard`;
let built: Promise<unknown> | null = null;

/** Builds the page once a run, starts the fake server and the browser. */
export async function setStage(mode: FakeMode): Promise<Stage> {
  built ??= build({ configFile: `${DASHBOARD}/vite.config.ts`, logLevel: "warn" });
  await built;
  const [server, browser] = await Promise.all([startFakeServer(mode), launchBrowser()]);
  return {
    server,
    open: (path, options = {}) => openWatched(browser, server.url, path, options),
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

const DEFAULTS: BrowserContextOptions = {
  locale: "en",
  timezoneId: "America/Sao_Paulo",
  colorScheme: "dark",
  viewport: { width: 1440, height: 900 },
};

// biome-ignore lint/complexity/useMaxParams: a private step of open()
async function openWatched(
  browser: Browser,
  origin: string,
  path: string,
  options: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext({ ...DEFAULTS, ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith("data:"))
      faults.push(`foreign request: ${request.url()}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy violation: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.goto(origin + path);
  return { page, faults };
}
