import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
let tracePath = "";
beforeAll(async () => {
  stage = await setStage("troubled");
  const { page } = await stage.open("/traces?errors=1");
  tracePath = (await page.locator(".trace-table .row-link").first().getAttribute("href")) ?? "";
  await page.context().close();
});
afterAll(() => stage.close());

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

const paths = (): string[] => [
  "/explore?expr=nodejs_eventloop_utilization_ratio",

  "/",
  "/services/avx-api-core?from=now-1h&to=now",
  "/anomalies",
  "/capacity",
  "/data",
  "/traces",
  tracePath,
];

async function settled(page: Page): Promise<void> {
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.locator("canvas, .table tbody tr, [role=tree]").first().waitFor();
}

describe("accessibility rules (axe, WCAG 2.2 A and AA)", () => {
  it.each(["dark", "light"] as const)(
    "find nothing in %s, at both sizes, on every page",
    async (colorScheme) => {
      for (const viewport of SIZES)
        for (const path of paths()) {
          const { page } = await stage.open(path, { colorScheme, viewport });
          await settled(page);
          expect(await axeFindings(page), `${path} ${viewport.width}`).toEqual([]);
          await page.context().close();
        }
    },
  );
});

async function axeFindings(page: Page): Promise<unknown> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await Reflect.get(window, "axe").run();
    return violations.map(
      (found: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }) =>
        `${found.impact} ${found.id}: ${found.nodes.map(({ html, failureSummary }) => `${html.slice(0, 160)} ${failureSummary}`).join(" | ")}`,
    );
  });
}

describe("width", () => {
  it.each(["en", "pt-BR"])("no page is wider than a phone (%s)", async (locale) => {
    for (const path of [...paths(), "/nowhere"]) {
      const { page } = await stage.open(path, { locale, viewport: { width: 390, height: 844 } });
      await page.getByRole("heading", { level: 1 }).waitFor();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, path).toBe(0);
      await page.context().close();
    }
  });

  it("leaves every control at least 24 px high and wide", async () => {
    for (const path of paths()) {
      const { page } = await stage.open(path, { viewport: { width: 390, height: 844 } });
      await settled(page);
      const small = await page.evaluate(() =>
        [
          ...document.querySelectorAll(
            "main button, main a, main select, header button, header a, header select",
          ),
        ]
          .map((element) => ({ box: element.getBoundingClientRect(), html: element.outerHTML }))
          .filter(({ box }) => box.width > 0 && (box.height < 24 || box.width < 24))
          .map(({ html }) => html.slice(0, 120)),
      );
      expect(small, path).toEqual([]);
      await page.context().close();
    }
  });
});

/** The page of `path` with the last quarter of an hour as a fixed window. */
function fixedWindow(path: string): string {
  const url = new URL(path, stage.server.url);
  url.searchParams.set("from", new Date(Date.now() - 900_000).toISOString());
  url.searchParams.set("to", new Date().toISOString());
  return url.href;
}

describe("keyboard", () => {
  it("reaches every control of a page by Tab, shows the focus, and is never trapped", async () => {
    for (const path of paths()) {
      // A fixed window asks once, so that the controls do not change during the walk.
      const { page } = await stage.open("/nowhere");
      await page.goto(fixedWindow(path), { waitUntil: "networkidle" });
      await settled(page);
      await page.keyboard.press("Tab");
      await page.locator(".skip-link").focus();
      const wanted = await page.evaluate(markControls);
      const reached = new Set<string>();
      for (let i = 0; i < wanted + 20; i++) {
        const { mark, hasOutline } = await page.evaluate(focusedControl);
        if (mark === "") break;
        expect(hasOutline, `${path} control ${mark}`).toBe(true);
        reached.add(mark);
        await page.keyboard.press("Tab");
      }
      // The editor's own field lies in a shadow tree and has no number.
      reached.delete("editor");
      expect(reached.size, path).toBe(wanted);
      await page.context().close();
    }
  });
});

/** Numbers the controls that Tab must reach; runs in the page. */
function markControls(): number {
  const controls = [
    ...document.querySelectorAll<HTMLElement>("a[href], button, input, select, [tabindex='0']"),
  ].filter((element) => element.checkVisibility() && element.tabIndex >= 0);
  controls.forEach((element, i) => {
    element.dataset["mark"] = String(i + 1);
  });
  return controls.length;
}

/** The number of the focused control and whether its focus can be seen; runs in the page. */
async function focusedControl(): Promise<{ mark: string; hasOutline: boolean }> {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement)) return { mark: "", hasOutline: false };
  // CodeMirror shows its focus a moment after it has got it.
  if (element.shadowRoot) await new Promise((resolve) => setTimeout(resolve, 50));
  const inner = element.shadowRoot?.querySelector(".cm-editor");
  const style = getComputedStyle(inner ?? element);
  return {
    mark: inner ? "editor" : (element.dataset["mark"] ?? ""),
    hasOutline: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
  };
}

describe("charts", () => {
  it("have a role, a summary, a keyboard cursor that speaks, and a table behind t", async () => {
    const { page } = await stage.open("/services/avx-api-core?from=now-1h&to=now");
    const chart = page.getByRole("img", { name: /^Latency in seconds/ });
    await chart.focus();
    await page.keyboard.press("End");
    const spoken = page.locator("output").first();
    await expect
      .poll(() => spoken.textContent(), { timeout: 15_000 })
      .toMatch(/\d\d:\d\d:\d\d: p50 .*ms, p95 .*ms, p99 .*ms/);
    await page.locator(".tooltip").waitFor();
    await page.keyboard.press("t");
    const table = page.getByRole("table", { name: /Data of Latency as a table/ });
    await table.waitFor();
    expect(await table.getByRole("row").count()).toBeGreaterThan(50);
    const unnamed = await page
      .locator("canvas, svg:not([aria-hidden=true])")
      .evaluateAll((all) => all.filter((one) => !one.closest("[role=img][aria-label]")).length);
    expect(unnamed).toBe(0);
    await page.context().close();
  });

  it("isolate a line by its legend button, and toggle it with shift", async () => {
    const { page } = await stage.open("/services/avx-api-core?from=now-1h&to=now");
    const legend = page.getByRole("group", { name: "Series of Latency" });
    const pressed = () =>
      legend.getByRole("button").evaluateAll((all) => all.map((one) => one.ariaPressed).join());
    await legend.getByRole("button", { name: /^p95/ }).click();
    expect(await pressed()).toBe("false,true,false");
    await legend.getByRole("button", { name: /^p99/ }).click({ modifiers: ["Shift"] });
    expect(await pressed()).toBe("false,true,true");
    await legend.getByRole("button", { name: /^p99/ }).click();
    await legend.getByRole("button", { name: /^p99/ }).click();
    expect(await pressed()).toBe("true,true,true");
    await page.context().close();
  });

  it("share the left and right edge of their plots in a column", async () => {
    const { page } = await stage.open("/services/avx-api-core?from=now-1h&to=now");
    await page.getByRole("img", { name: /^Saturation in/ }).waitFor();
    const edges = await page.locator(".u-over").evaluateAll((plots) =>
      plots.map((plot) => {
        const { left, right } = plot.getBoundingClientRect();
        const panel = plot.closest(".panel")?.getBoundingClientRect();
        return `${Math.round(left - (panel?.left ?? 0))} ${Math.round((panel?.right ?? 0) - right)}`;
      }),
    );
    expect(edges.length).toBe(5);
    expect(new Set(edges).size).toBe(1);
    await page.context().close();
  });
});

describe("reduced motion", () => {
  it("runs no animation when the user asks for none", async () => {
    stage.server.setMode("slow");
    const { page } = await stage.open("/", { reducedMotion: "reduce" });
    await page.getByText("Loading the services…").waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    stage.server.setMode("troubled");
    await page.context().close();
  });
});
