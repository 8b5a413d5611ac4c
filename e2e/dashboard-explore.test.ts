import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./dashboard-stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await setStage("troubled");
});
afterAll(() => stage.close());

describe("the metrics page", () => {
  it("runs what is chosen and what is typed, with completion, and keeps it in the URL", async () => {
    const { page, faults } = await stage.open("/explore");
    await page.getByRole("button", { name: /^nodejs_eventloop_utilization_ratio/ }).click();
    await page.waitForURL(/expr=nodejs_eventloop_utilization_ratio/);
    await page
      .getByRole("img", { name: /^nodejs_eventloop_utilization_ratio in percent/ })
      .waitFor();
    const editor = page.getByRole("textbox", { name: "PromQL expression" });
    await page.locator(".expression-editor .cm-content").waitFor();
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("http_server_request_duration_seconds_cou");
    await page
      .getByRole("option", { name: /http_server_request_duration_seconds_count/ })
      .first()
      .click();
    await page.keyboard.press("Control+Enter");
    await page.waitForURL(/expr=http_server_request_duration_seconds_count/);
    await page.getByText(/^12 series, .*samples of 12 series read in 12\.5\sms/).waitFor();
    await page.goBack();
    await page.waitForURL(/expr=nodejs_eventloop/);
    expect(await page.evaluate(() => Reflect.get(window, "__xss"))).toBeUndefined();
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("compares with yesterday, changes the step, and shows values as a table", async () => {
    const { page, faults } = await stage.open("/explore?expr=nodejs_eventloop_utilization_ratio");
    await page.getByText(/step 5\ssec/).waitFor();
    await page.getByLabel("Compare with").selectOption("1d");
    await page
      .getByRole("button", { name: /Yesterday/ })
      .first()
      .waitFor();
    await page.getByLabel("Step").selectOption("60000");
    await page.getByText(/step 1\smin/).waitFor();
    await page
      .getByRole("group", { name: "Show as" })
      .getByRole("button", { name: "Table" })
      .click();
    await page.waitForURL(/show=table/);
    await page.getByRole("table", { name: /Result at the end/ }).waitFor();
    expect(await page.getByRole("row").count()).toBe(12);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("builds an expression in a form, reads one back, and says what it has no field for", async () => {
    const { page, faults } = await stage.open("/explore");
    await page.locator(".expression-editor .cm-content").waitFor();
    const toggle = page.getByRole("button", { name: "Builder" });
    await toggle.focus();
    await page.keyboard.press("Enter");
    const form = page.getByRole("group", { name: "Builder" });
    await form.getByLabel("Metric").fill("http_server_request_duration_seconds_count");
    await form.getByLabel("Function").selectOption("rate");
    await form.getByLabel("Window").fill("2m");
    await form.getByLabel("Aggregation").selectOption("sum");
    await form.getByRole("checkbox", { name: "http_route" }).press("Space");
    await form.getByRole("button", { name: "Add condition" }).press("Enter");
    await form.getByLabel("Label name 1").fill("service_name");
    await form.getByLabel("Comparison 1").selectOption("=~");
    await form.getByLabel("Value 1").fill('.*"');
    await form.getByLabel("Value 1").press("Enter");
    await page.waitForURL(/expr=/);
    expect(new URL(page.url()).searchParams.get("expr")).toBe(
      'sum by (http_route) (rate(http_server_request_duration_seconds_count{service_name=~".*\\""}[2m]))',
    );
    const editor = page.getByRole("textbox", { name: "PromQL expression" });
    await editor.click();
    await page.keyboard.press("Control+a");
    // Chromium itself styles what is typed over coloured text inline, which the policy blocks.
    await page.keyboard.press("Backspace");
    await page.keyboard.type("max_over_time(up{job='a'}[1h");
    await form.waitFor({ state: "visible" });
    await expect.poll(() => form.getByLabel("Function").inputValue()).toBe("max_over_time");
    await expect.poll(() => form.getByLabel("Value 1").inputValue()).toBe("a");
    await editor.click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("sum without (job) (up)");
    await page.getByText("The builder has no field for “without”.").waitFor();
    expect(await form.count()).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("offers labels and values of the server in the form, in Portuguese as well", async () => {
    const { page, faults } = await stage.open(
      "/explore?lang=pt-BR&expr=up%7Bservice_name%3D%22%22%7D",
    );
    await page.getByRole("button", { name: "Construtor" }).click();
    const value = page.getByLabel("Valor 1");
    await value.waitFor();
    const options = page.locator(`datalist[id="${await value.getAttribute("list")}"] option`);
    await expect.poll(() => options.count()).toBe(12);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("copies a link that shows the same window later, and a command for a terminal", async () => {
    const { page, faults } = await stage.open("/explore?expr=up&step=60000");
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy link" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    const [from = "", to = ""] = ["from", "to"].map((name) => copied.searchParams.get(name) ?? "");
    expect(Date.parse(to) - Date.parse(from)).toBe(900_000);
    expect(copied.searchParams.get("step")).toBe("60000");
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toMatch(/^curl -G 'http.*query_range' --data-urlencode 'query=up' .*'step=60'$/);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it("does not hold the Tab key", async () => {
    const { page } = await stage.open("/explore");
    await page.locator(".expression-editor .cm-content").click();
    await page.keyboard.press("Tab");
    const focused = page.getByRole("button", { name: "Run" });
    expect(await focused.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.context().close();
  });
});
