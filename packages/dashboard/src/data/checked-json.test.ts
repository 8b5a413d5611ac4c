import { describe, expect, it } from "vitest";
import { list, nullable, number, object, record, text, word } from "./checked-json.ts";

const check = object({
  name: text,
  size: nullable(number),
  kind: word("a", "b"),
  parts: list(text),
  tags: record(text),
});
const GOOD = { name: "x", size: 1, kind: "a", parts: ["p"], tags: { k: "v" } };

describe("checked JSON", () => {
  it("passes what has the shape, and drops what was not asked for", () => {
    expect(check({ ...GOOD, extra: 1 }, "it")).toEqual(GOOD);
  });

  it("takes an absent optional field for null", () => {
    const { size: _, ...rest } = GOOD;
    expect(check(rest, "it").size).toBeNull();
  });

  it.each([
    [{ ...GOOD, name: 3 }, "it.name: expected text, got number"],
    [{ ...GOOD, size: "1" }, "it.size: expected a number, got string"],
    [{ ...GOOD, kind: "c" }, "it.kind: expected a or b, got string"],
    [{ ...GOOD, parts: ["p", null] }, "it.parts[1]: expected text, got null"],
    [{ ...GOOD, parts: {} }, "it.parts: expected a list, got object"],
    [{ ...GOOD, tags: [] }, "it.tags: expected an object, got a list"],
    [null, "it: expected an object, got null"],
  ])("names the place where the shape differs", (value, message) => {
    expect(() => check(value, "it")).toThrow(message);
  });

  it("does not read inherited fields, and keeps __proto__ as data", () => {
    expect(() => object({ toString: text })({}, "it")).toThrow("it.toString");
    const tags = record(text)(JSON.parse('{"__proto__":"x"}'), "it");
    expect(Object.hasOwn(tags, "__proto__")).toBe(true);
    expect(Object.getPrototypeOf(tags)).toBe(Object.prototype);
  });
});
