import { describe, expect, it } from "vitest";
import { exprToJson } from "./ast-json.ts";
import { parseExpr } from "./parse.ts";
import { ALL_EXPERIMENTAL } from "./parse-options.ts";
import { prettyPrint, printExpr } from "./print.ts";
import { printNumber, printShortNumber } from "./print-number.ts";

const parse = (text: string) => parseExpr(text, ALL_EXPERIMENTAL);

describe("printExpr", () => {
  it.each([
    ["sum(rate(x[5m]))by(job)", "sum by (job) (rate(x[5m]))"],
    ["sum without () (x)", "sum without () (x)"],
    ["TOPK(3,x)", "topk(3, x)"],
    ["sum by ('a b', c) (x)", 'sum by ("a b", c) (x)'],
    ['x{b="1",a=~"2"}', 'x{a=~"2",b="1"}'],
    ['{"x"}', '{__name__="x"}'],
    ["x[300]offset 60@0", "x[5m] @ 0.000 offset 1m"],
    ["x[90d]", "x[90d]"],
    ["x[14d]", "x[2w]"],
    ["x[1h:]", "x[1h:]"],
    ["a+on(b)group_left c", "a + on (b) group_left () c"],
    ["a==bool 1", "a == bool 1"],
    ["a+fill_left(1e-7)fill_right(2)b", "a + fill_left (1e-07) fill_right (2) b"],
    ["-x", "-x"],
    ["-5m", "-5m"],
    ["1s9ms", "1s9ms"],
    ["0x10", "16"],
    ["'\\n\"\\u00e9\\u0000'", '"\\n\\"é\\x00"'],
    ["x[+(5m)] smoothed", "x[(5m)] smoothed"],
    ["x offset -min_of(step(),1)", "x offset -min_of(step(), 1)"],
  ])("prints %s as %s", (text, expected) => {
    expect(printExpr(parse(text))).toBe(expected);
  });
});

describe("printNumber", () => {
  it.each([
    [1e21, "1000000000000000000000", "1e+21"],
    [1.5e-7, "0.00000015", "1.5e-07"],
    [-1.25e22, "-12500000000000000000000", "-1.25e+22"],
    [0.0001, "0.0001", "0.0001"],
    [-0, "-0", "-0"],
    [Number.NEGATIVE_INFINITY, "-Inf", "-Inf"],
    [Number.NaN, "NaN", "NaN"],
  ])("prints %d without and with exponent", (value, plain, short) => {
    expect(printNumber(value)).toBe(plain);
    expect(printShortNumber(value)).toBe(short);
  });
});

describe("prettyPrint", () => {
  it("keeps what fits on a line", () => {
    expect(prettyPrint(parse("sum(a)+b"))).toBe("sum(a) + b");
  });

  it("splits calls, aggregations, parentheses and operators that do not", () => {
    expect(prettyPrint(parse("sum by (a) (rate(xxxxx[5m]))+(yyyyyyyyyy)"), 12)).toBe(
      [
        "  sum by (a) (",
        "    rate(",
        "      xxxxx[5m]",
        "    )",
        "  )",
        "+",
        "  (yyyyyyyyyy)",
      ].join("\n"),
    );
    expect(prettyPrint(parse("topk(5,-abs(xxxxxxxxxxx))"), 12)).toBe(
      ["topk(", "  5,", "  -abs(", "    xxxxxxxxxxx", "  )", ")"].join("\n"),
    );
  });
});

describe("exprToJson", () => {
  it("has the field names of /api/v1/parse_query", () => {
    expect(exprToJson(parse('sum by (job) (rate(x{a!="b"}[5m] offset 1m @ end()))'))).toEqual({
      type: "aggregation",
      op: "sum",
      grouping: ["job"],
      without: false,
      param: null,
      expr: {
        type: "call",
        func: { name: "rate", argTypes: ["matrix"], variadic: 0, returnType: "vector" },
        args: [
          {
            type: "matrixSelector",
            name: "x",
            matchers: [
              { name: "a", type: "!=", value: "b" },
              { name: "__name__", type: "=", value: "x" },
            ],
            range: 300000,
            rangeExpr: null,
            offset: 60000,
            offsetExpr: null,
            timestamp: null,
            startOrEnd: "end",
            anchored: false,
            smoothed: false,
          },
        ],
      },
    });
  });

  it("shows matching, literals and durations", () => {
    expect(exprToJson(parse("-a / on(b) group_left(c) fill(0) (d)"))).toMatchObject({
      type: "binaryExpr",
      op: "/",
      bool: false,
      lhs: { type: "unaryExpr", op: "-" },
      rhs: { type: "parenExpr" },
      matching: {
        card: "many-to-one",
        labels: ["b"],
        on: true,
        include: ["c"],
        fillValues: { lhs: 0, rhs: 0 },
      },
    });
    expect(exprToJson(parse("Inf"))).toEqual({ type: "numberLiteral", val: "+Inf" });
    expect(exprToJson(parse("'a'"))).toEqual({ type: "stringLiteral", val: "a" });
    const wrapped = { type: "numberLiteral", val: "5", duration: true };
    expect(exprToJson(parse("x[(5s):step() - 1]"))).toMatchObject({
      type: "subquery",
      range: 0,
      rangeExpr: { type: "durationExpr", op: "+", lhs: null, rhs: wrapped, wrapped: true },
      step: 0,
      stepExpr: { op: "-", lhs: { op: "step", lhs: null, rhs: null }, wrapped: false },
      offset: 0,
      offsetExpr: null,
      timestamp: null,
    });
  });
});
