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

  it("does not hold the Tab key", async () => {
    const { page } = await stage.open("/explore");
    await page.locator(".expression-editor .cm-content").click();
    await page.keyboard.press("Tab");
    const focused = page.getByRole("button", { name: "Run" });
    expect(await focused.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.context().close();
  });
});
