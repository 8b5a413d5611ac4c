import { describe, expect, it } from "vitest";
import { hostTest } from "./allowed-hosts.ts";

describe("hosts that are answered", () => {
  it.each([
    ["localhost:8600", true],
    ["LocalHost", true],
    ["localhost.:8600", true],
    ["127.0.0.1:8600", true],
    ["[::1]:8600", true],
    [undefined, true],
    ["evil.example", false],
    ["evil.example:8600", false],
    ["127.0.0.1.evil.example:8600", false],
    ["localhost.evil.example", false],
    ["localhost:8600@evil.example", false],
    ["", false],
    ["192.0.2.1:8600", false],
  ])("on loopback: %j is %s", (host, isAnswered) => {
    expect(hostTest("127.0.0.1", [])(host)).toBe(isAnswered);
  });

  it("on loopback are also the address itself and those that are named", () => {
    expect(hostTest("127.0.0.2", [])("127.0.0.2:1")).toBe(true);
    const isOwn = hostTest("::1", ["metrics.example"]);
    expect(isOwn("Metrics.example:443")).toBe(true);
    expect(isOwn("other.example")).toBe(false);
  });

  it("on other addresses are all, until some are named", () => {
    expect(hostTest("0.0.0.0", [])("anything.example")).toBe(true);
    const isOwn = hostTest("0.0.0.0", ["metrics.example"]);
    expect([isOwn("metrics.example"), isOwn("evil.example")]).toEqual([true, false]);
    expect(hostTest("127.0.0.1", ["*"])("evil.example")).toBe(true);
  });
});
