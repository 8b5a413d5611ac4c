import { describe, expect, it } from "vitest";
import { parseTracestate } from "./tracestate.ts";

const members = (count: number): string =>
  Array.from({ length: count }, (_, i) => `bar${i}=${i}`).join(",");

// Cases of the W3C trace-context test suite (test/test.py, tracestate_*).
describe("parseTracestate, by https://www.w3.org/TR/trace-context/#tracestate-header", () => {
  it.each([
    ["foo=1", "foo=1"],
    ["foo=1,bar=2", "foo=1,bar=2"],
    ["foo=1 \t , \t bar=2, \t baz=3", "foo=1,bar=2,baz=3"],
    ["foo=1,", "foo=1"],
    ["foo=1,,bar=2", "foo=1,bar=2"],
    ["foo@=1,bar=2", undefined],
    ["@foo=1,bar=2", undefined],
    ["foo@@bar=1,bar=2", undefined],
    ["foo@bar@baz=1", undefined],
    ["foo@bar=1", "foo@bar=1"],
    ["fw529a3039@dt=FfVKUsDr", "fw529a3039@dt=FfVKUsDr"],
    ["FOO=1", undefined],
    ["foo=1=2", undefined],
    ["foo =1", undefined],
    ["foo", undefined],
    ["=1", undefined],
    ["foo=", undefined],
    ["foo=1,foo=2", undefined],
    [`${"z".repeat(256)}=1`, `${"z".repeat(256)}=1`],
    [`${"z".repeat(257)}=1`, undefined],
    [`${"t".repeat(241)}@${"v".repeat(14)}=1`, `${"t".repeat(241)}@${"v".repeat(14)}=1`],
    [`${"t".repeat(242)}@v=1`, undefined],
    [`t@${"v".repeat(15)}=1`, undefined],
    [`foo=${"v".repeat(256)}`, `foo=${"v".repeat(256)}`],
    [`foo=${"v".repeat(257)}`, undefined],
    [members(32), members(32)],
    [members(33), undefined],
    ["", undefined],
    [undefined, undefined],
  ])("reads %s as %s", (header, expected) => {
    expect(parseTracestate(header)?.serialize()).toBe(expected);
  });

  it("puts a changed member in front and leaves the original alone", () => {
    const state = parseTracestate("a=1,b=2");
    expect(state?.set("b", "3").serialize()).toBe("b=3,a=1");
    expect(state?.unset("a").serialize()).toBe("b=2");
    expect(state?.set("B", "3").serialize()).toBe("a=1,b=2");
    expect(state?.serialize()).toBe("a=1,b=2");
  });
});
