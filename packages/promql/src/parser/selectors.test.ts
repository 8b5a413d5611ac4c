import { describe, expect, it } from "vitest";
import { parseExpr } from "./parse.ts";
import { parseSelector, selectorsOf } from "./selectors.ts";

describe("parseSelector", () => {
  it("gives the matchers, the name as __name__", () => {
    expect(parseSelector(`up{job="x"}`)).toHaveLength(2);
  });

  it.each(["up offset 5m", "up[5m]", "sum(up)", "up @ 3", "1"])("refuses %s", (text) => {
    expect(() => parseSelector(text)).toThrowError("not a plain series selector");
  });
});

describe("selectorsOf", () => {
  it("finds every selector, in order", () => {
    const found = selectorsOf(
      parseExpr("sum(rate(a[5m])) / on (x) max_over_time(b[1h:1m]) + topk(scalar(c), -d)"),
    );
    expect(found.map(([first]) => first?.value)).toEqual(["a", "b", "c", "d"]);
  });

  it("is empty without a selector", () => expect(selectorsOf(parseExpr("1 + 2"))).toEqual([]));
});
