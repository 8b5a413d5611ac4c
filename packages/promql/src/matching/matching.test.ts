import { AvxError, type MatchOp } from "@avx/model";
import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { compileMatcher, literalValues } from "./compile-matcher.ts";
import { compileRegex } from "./regex.ts";
import { parseSimplePattern } from "./simple-pattern.ts";

const match = (op: MatchOp, value: string) => compileMatcher({ name: "job", op, value });

describe("compileMatcher", () => {
  it("compares literals", () => {
    expect(match("=", "a")("a")).toBe(true);
    expect(match("=", "a")("")).toBe(false);
    expect(match("!=", "a")("")).toBe(true);
  });

  it.each([
    ["", "", true],
    ["", "x", false],
    [".*", "", true],
    [".+", "", false],
    [".+", "\n", true],
    ["foo.*", "foo", true],
    ["foo.+", "foo", false],
    ["foo.+", "foo\nbar", true],
    [".*foo", "barfoo", true],
    [".*foo", "foobar", false],
    ["f.*o", "fo", true],
    ["f.+o", "fo", false],
    ["a.*a", "a", false],
    [".*a.*b.*", "xbxaxbx", true],
    [".*a.*b.*", "xbxax", false],
    ["a|b", "b", true],
    ["a|b", "ab", false],
    ["^a|b$", "b", true],
    ["(a|b)-(c|d)", "b-c", true],
    ["(a|b)-(c|d)", "b-", false],
    ["1\\.2", "1.2", true],
    ["1\\.2", "1x2", false],
    ["1.2", "1x2", true],
    ["a|b.*|", "", true],
    ["(?i)foo", "FOO", true],
    ["\\d+", "42", true],
    ["a{2}", "aa", true],
    ["x|a$b", "a$b", false],
  ])("%s against %j is %s", (regex, value, expected) => {
    expect(match("=~", regex)(value)).toBe(expected);
    expect(match("!~", regex)(value)).toBe(!expected);
  });

  it("agrees with the regex engine where it does without it", () => {
    const pieces = ["a", "b", ".*", ".+", "|", "(", ")", "\\.", "^", "$", "é", "😀", "*", "?:"];
    const random = seededRandom(7);
    const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? "";
    let simple = 0;
    for (let i = 0; i < 4000; i++) {
      const regex = Array.from({ length: 1 + Math.floor(random() * 7) }, () => pick(pieces)).join(
        "",
      );
      if (parseSimplePattern(regex) === undefined) continue;
      simple++;
      const engine = RE2JS.compile(regex, RE2JS.DOTALL);
      const test = match("=~", regex);
      for (let j = 0; j < 8; j++) {
        const value = Array.from({ length: Math.floor(random() * 5) }, () =>
          pick(["a", "b", ".", "é", "\n", "😀"]),
        ).join("");
        expect([regex, value, test(value)]).toEqual([regex, value, engine.testExact(value)]);
      }
    }
    expect(simple).toBeGreaterThan(500);
  });

  it.each(["a(b", "[a", "a)(b", "*a", "(?=a)", "a{1001}", "a**", "\\"])("refuses %s", (regex) => {
    expect(() => match("=~", regex)).toThrowError(/^error parsing regexp: /);
    expect(() => match("=~", regex)).toThrowError(AvxError);
  });

  it("refuses more than 4 KiB, counted in bytes", () => {
    expect(match("=~", "a".repeat(4096))("a")).toBe(false);
    expect(() => match("=~", "a".repeat(4097))).toThrowError(/longer than 4096 bytes/);
    expect(() => match("=~", "é".repeat(2049))).toThrowError(AvxError);
  });

  it("refuses thousands of nested groups without overflowing the stack", () => {
    const regex = "(".repeat(2000) + ")".repeat(2000);
    expect(() => match("=~", regex)).toThrowError(/nests too deeply/);
  });
});

describe("literalValues", () => {
  it.each([
    ["=", "a|b", ["a|b"]],
    ["=~", "a|b|a", ["a", "b"]],
    ["=~", "(?:a|b)\\.c", ["a.c", "b.c"]],
    ["=~", "", [""]],
    ["=~", "^(a|b)$", ["a", "b"]],
  ] as const)("lists what job%s%s accepts", (op, value, expected) => {
    expect(literalValues({ name: "job", op, value })).toEqual(expected);
  });

  it.each([
    ["!=", "a"],
    ["!~", "a|b"],
    ["=~", "a.*"],
    ["=~", "(?i)a"],
    ["=~", "[ab]"],
  ] as const)("cannot list job%s%s", (op, value) => {
    expect(literalValues({ name: "job", op, value })).toBeUndefined();
  });
});

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Go templates write groups so
describe("compileRegex", () => {
  it.each([
    ["(.*)-(.*)", "$2:$1", "b:a"],
    ["(.*)-(.*)", "${2}x$2x", "bx"],
    ["(?P<first>.*)-.*", "<$first|${first}|$none>", "<a|a|>"],
    [".*", "$0$$1$", "a-b$1$"],
    ["(.*)", "${1", "${1"],
    ["(.*)", "$01 $9 $é", "  "],
    ["(.*)(x)?", "[$2]", "[]"],
  ])("expands %s with %s like Go", (regex, template, expected) => {
    expect(compileRegex(regex).expand("a-b", template)).toBe(expected);
  });

  it("gives undefined when the whole value does not match", () => {
    expect(compileRegex("a").expand("ab", "$0")).toBeUndefined();
  });
});

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: end of the templates

function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
