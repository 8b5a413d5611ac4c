import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { MAX_QUERY_BYTES, parseExpr } from "./parse.ts";
import { ALL_EXPERIMENTAL } from "./parse-options.ts";
import { printExpr } from "./print.ts";

const repeatTo = (unit: string) => unit.repeat(Math.floor(MAX_QUERY_BYTES / unit.length) - 1);

describe("limits of the parser", () => {
  it("refuses 100,000 parentheses by the length of the text", () => {
    const text = `${"(".repeat(100_000)}1${")".repeat(100_000)}`;
    expect(() => parseExpr(text)).toThrowError("the query is longer than 16384 bytes");
  });

  it("counts bytes, not characters", () => {
    expect(() => parseExpr(`"${"é".repeat(8191)}"`)).not.toThrow();
    expect(() => parseExpr(`"${"é".repeat(8192)}"`)).toThrowError(/longer than 16384 bytes/);
  });

  it.each([
    ["parentheses", repeatTo("(")],
    ["signs", `${repeatTo("-")}x`],
    ["calls", repeatTo("abs(")],
    ["aggregations", repeatTo("sum(")],
    ["powers", `${repeatTo("2^")}2`],
    ["duration parentheses", `x[${repeatTo("(")}`],
    ["duration signs", `x[${repeatTo("-")}1m]`],
    ["duration powers", `x[${repeatTo("2^")}2]`],
    ["duration calls", `x offset ${repeatTo("max_of(")}`],
    ["duration sums", `x[1${repeatTo("+1")}`.slice(0, -2).concat("]")],
    ["signed offsets", `x offset ${repeatTo("-")}1m`],
  ])("refuses or reads %s without end, never overflowing the stack", (_, text) => {
    try {
      printExpr(parseExpr(text, ALL_EXPERIMENTAL));
    } catch (error) {
      expect(error).toBeInstanceOf(AvxError);
    }
  });

  it("refuses regexes that compile to more than 20,000 instructions together", () => {
    const matchers = (count: number) => `{${"a=~'.{999}',".repeat(count)}}`;
    expect(() => parseExpr(`x${matchers(19)}`)).not.toThrow();
    expect(() => parseExpr(`x${matchers(21)}`)).toThrowError(/more than 20000 instructions/);
    expect(() => parseExpr(`x{${"a=~'b|c.*',".repeat(1400)}}`)).not.toThrow();
  });

  it("accepts 248 nested parentheses and refuses 300", () => {
    const nest = (depth: number) => `${"(".repeat(depth)}x${")".repeat(depth)}`;
    expect(() => parseExpr(nest(248))).not.toThrow();
    expect(() => parseExpr(nest(300))).toThrowError(/nests deeper than 250 levels/);
  });

  it("accepts 900 operators in a row and refuses 5,000", () => {
    expect(() => parseExpr(`a${" or a".repeat(900)}`)).not.toThrow();
    expect(() => parseExpr(`a${"+a".repeat(5000)}`)).toThrowError(/more than 1000 levels/);
    expect(() => parseExpr(`x${"[1s:]".repeat(3000)}`)).toThrowError(/more than 1000 levels/);
  });
});
