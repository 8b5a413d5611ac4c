import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import type { Expr } from "./ast.ts";
import { parseExpr } from "./parse.ts";
import { ALL_EXPERIMENTAL, type ParseOptions } from "./parse-options.ts";

const parse = (text: string) => parseExpr(text, ALL_EXPERIMENTAL);

/** The shape of an expression with every operation in parentheses. */
function shape(expr: Expr): string {
  switch (expr.type) {
    case "number":
      return String(expr.value);
    case "vectorSelector":
      return expr.name;
    case "unary":
      return `(${expr.op}${shape(expr.expr)})`;
    case "binary":
      return `(${shape(expr.left)} ${expr.op} ${shape(expr.right)})`;
    case "paren":
      return `[${shape(expr.expr)}]`;
    default:
      return expr.type;
  }
}

/** What the parser says about a query it refuses. */
function refusal(text: string, options: ParseOptions = ALL_EXPERIMENTAL) {
  try {
    parseExpr(text, options);
  } catch (error) {
    if (!(error instanceof AvxError)) throw error;
    const { reason, positionStart, positionEnd } = error.facts;
    return { code: error.code, reason, at: [positionStart, positionEnd] };
  }
  throw new Error(`"${text}" was accepted`);
}

describe("operators", () => {
  // Prometheus documentation, "Operators", section "Binary operator precedence".
  it.each([
    ["1 + 2 * 3", "(1 + (2 * 3))"],
    ["2 ^ 3 ^ 2", "(2 ^ (3 ^ 2))"],
    ["a * b / c % d", "(((a * b) / c) % d)"],
    ["a - b - c", "((a - b) - c)"],
    ["a or b and c unless d", "(a or ((b and c) unless d))"],
    ["a == b + c", "(a == (b + c))"],
    ["a > b == c", "((a > b) == c)"],
    ["a atan2 b * c", "((a atan2 b) * c)"],
    ["-a ^ b", "(-(a ^ b))"],
    ["-a * b", "((-a) * b)"],
    ["a ^ -b * c", "((a ^ (-b)) * c)"],
    ["-1 ^ 2", "(-(1 ^ 2))"],
    ["- - a", "(-(-a))"],
    ["-(1 + 2)", "(-[(1 + 2)])"],
    ["a </ b + c", "(a </ (b + c))"],
    ["AND and Or OR Unless", "((AND and Or) or Unless)"],
  ])("%s is read as %s", (text, expected) => {
    expect(shape(parse(text))).toBe(expected);
  });

  it("folds a sign into a number", () => {
    expect(parse("-1")).toMatchObject({ type: "number", value: -1, range: { start: 0, end: 2 } });
    expect(parse("+Inf")).toMatchObject({ type: "number", value: Number.POSITIVE_INFINITY });
  });

  it("keeps how vectors are matched", () => {
    expect(parse("a / on(x, 'y z') group_left(b) c")).toMatchObject({
      matching: { on: true, labels: ["x", "y z"], cardinality: "many-to-one", include: ["b"] },
    });
    expect(parse("a - ignoring() group_right c")).toMatchObject({
      matching: { on: false, labels: [], cardinality: "one-to-many", include: [] },
    });
    expect(parse("a and on(x) b")).toMatchObject({ matching: { cardinality: "many-to-many" } });
    expect(parse("a + 1")).not.toHaveProperty("matching");
    expect(parse("a > bool b")).toMatchObject({ returnBool: true });
    expect(parse("a + fill_right(-1) fill_left(2m) b")).toMatchObject({
      matching: { fillLeft: 120, fillRight: -1 },
    });
    expect(shape(parse("fill + fill_left"))).toBe("(fill + fill_left)");
  });
});

describe("literals", () => {
  // Go language specification, "Integer literals", "Floating-point literals", "String literals".
  it.each([
    ["0x1F", 31],
    ["0X_1f", 31],
    ["0755", 493],
    ["0_7", 7],
    ["089", 89],
    ["1_000_000", 1e6],
    ["1_0.2_5", 10.25],
    [".5", 0.5],
    ["5.", 5],
    ["1e-3", 0.001],
    ["9223372036854775808", 2 ** 63],
    ["inF", Number.POSITIVE_INFINITY],
    ["NAN", Number.NaN],
    ["1h30m", 5400],
    ["1ms", 0.001],
  ])("reads %s as %d", (text, value) => {
    expect(parse(text)).toMatchObject({ type: "number", value });
  });

  it.each([
    [
      "1e ",
      '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e": invalid syntax',
    ],
    ["1__0", '1:1: parse error: bad number or duration syntax: "1__"'],
    [
      "0x",
      '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "0x": invalid syntax',
    ],
    [
      "1e400",
      '1:1: parse error: error parsing number: strconv.ParseFloat: parsing "1e400": value out of range',
    ],
    ["0x1.5", '1:1: parse error: bad number or duration syntax: "0x1."'],
    ["1_", '1:1: parse error: bad number or duration syntax: "1_"'],
    ["5m5m", '1:1: parse error: not a valid duration string: "5m5m"'],
    ["300y", "1:1: parse error: duration out of range"],
  ])("refuses %s", (text, reason) => {
    expect(refusal(text).reason).toBe(reason);
  });

  it.each([
    [String.raw`"a\tb\n\\\""`, 'a\tb\n\\"'],
    [String.raw`'\'"'`, "'\""],
    [String.raw`"\x41\101\u00e9\U0001F600"`, "AAé😀"],
    [String.raw`"\xc3\xa9"`, "é"],
    ["`\\n`", "\\n"],
    ["`a\nb`", "a\nb"],
    ['"😀"', "😀"],
  ])("reads the string %s", (text, value) => {
    expect(parse(text)).toMatchObject({ type: "string", value });
  });

  it.each([
    [String.raw`"\q"`, "unknown escape sequence U+0071 'q'"],
    [String.raw`"\'"`, "unknown escape sequence U+0027 '''"],
    [String.raw`"\xg0"`, "illegal character U+0067 'g' in escape sequence"],
    [String.raw`"\400"`, "escape sequence is an invalid Unicode code point"],
    [String.raw`"\ud800"`, "escape sequence is an invalid Unicode code point"],
    [String.raw`"\u00`, "escape sequence not terminated"],
    ['"a\nb"', "unterminated quoted string"],
    ["`a", "unterminated raw string"],
    ['"\ufffd"', "invalid UTF-8 rune"],
  ])("refuses the string %s", (text, reason) => {
    expect(refusal(text).reason).toBe(`1:1: parse error: ${reason}`);
  });
});

describe("selectors", () => {
  it("adds the metric name to the matchers, last", () => {
    expect(parse('up{job="a",b!~"c|d"}')).toMatchObject({
      type: "vectorSelector",
      name: "up",
      matchers: [
        { name: "job", op: "=", value: "a" },
        { name: "b", op: "!~", value: "c|d" },
        { name: "__name__", op: "=", value: "up" },
      ],
    });
  });

  it("takes any UTF-8 name in quotes", () => {
    expect(parse(`{"http.duração", 'status code'=~"5.."}`)).toMatchObject({
      name: "",
      matchers: [
        { name: "__name__", op: "=", value: "http.duração" },
        { name: "status code", op: "=~", value: "5.." },
      ],
    });
  });

  it.each(["sum", "by", "offset", "start", "step", "max_of", "anchored", "bottomk", "and", "fill"])(
    "takes the word %s for a metric, a label and a grouping",
    (word) => {
      expect(parse(word)).toMatchObject({ type: "vectorSelector", name: word });
      expect(parse(`x{${word}="1"}`)).toMatchObject({ matchers: [{ name: word }, {}] });
      expect(parse(`sum by (${word}) (x)`)).toMatchObject({ grouping: [word] });
    },
  );

  it("reads ranges, offsets and @ in any order", () => {
    const selector = {
      offset: { kind: "fixed", ms: -60000 },
      at: { kind: "timestamp", timestampMs: 1500 },
    };
    expect(parse("x[5m] offset -1m @ 1.5")).toMatchObject({
      type: "matrixSelector",
      window: { kind: "fixed", ms: 300000 },
      selector,
    });
    expect(parse("x @ 1.5 offset -60")).toMatchObject(selector);
    expect(parse("x @ end()")).toMatchObject({ at: { kind: "end" } });
  });

  it("reads subqueries", () => {
    expect(parse("rate(x[1m])[1h:] offset 5m @ start()")).toMatchObject({
      type: "subquery",
      window: { kind: "fixed", ms: 3600000 },
      offset: { kind: "fixed", ms: 300000 },
      at: { kind: "start" },
    });
    expect(parse("x[1h:90s]")).toMatchObject({ step: { kind: "fixed", ms: 90000 } });
    expect(parse("x[1h:]")).not.toHaveProperty("step");
  });

  it("reads anchored and smoothed", () => {
    expect(parse("x[5m] anchored")).toMatchObject({
      selector: { anchored: true, smoothed: false },
    });
    expect(parse("x smoothed offset 1m")).toMatchObject({ smoothed: true });
  });
});

describe("duration expressions", () => {
  it("keeps arithmetic for the evaluator", () => {
    expect(parse("x[step() + 2 * 30s]")).toMatchObject({
      window: {
        kind: "expression",
        expression: { op: "+", left: { kind: "step" }, right: { op: "*" } },
      },
    });
    expect(parse("x[max_of(range(), 5s)]")).toMatchObject({
      window: { expression: { op: "max", left: { kind: "range" } } },
    });
  });

  it("ends an offset at a literal, so that the operator is the vector's", () => {
    expect(parse("x offset 5m + 1")).toMatchObject({ type: "binary" });
    expect(parse("x offset step() + 1")).toMatchObject({ type: "binary" });
    expect(parse("x offset -(5m) + 1")).toMatchObject({ type: "binary" });
    expect(parse("x offset (5m) + 1")).toMatchObject({ type: "vectorSelector" });
  });

  it("does without them when they are off", () => {
    const reason = "1:3: parse error: experimental duration expression is not enabled";
    expect(refusal("x[5m * 2]", {}).reason).toBe(reason);
    expect(parseExpr("x[-5m:1m] offset -5m".replace("-5m:", "5m:"))).toMatchObject({
      type: "subquery",
    });
  });
});

describe("switches and extra functions", () => {
  it.each([
    ["sort_by_label(x, 'a')", '1:1: parse error: function "sort_by_label" is not enabled'],
    [
      "limitk(1, x)",
      "1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions",
    ],
    ["x[5m] anchored", "1:1: parse error: anchored modifier is experimental and not enabled"],
    ["a + fill(0) b", "1:1: parse error: binop fill modifiers are experimental and not enabled"],
  ])("refuses %s by default", (text, reason) => {
    expect(refusal(text, {}).reason).toBe(reason);
  });

  it("takes further functions by their signature", () => {
    const forecast = {
      name: "avx_forecast",
      argTypes: ["matrix", "scalar"],
      variadic: 0,
      returnType: "vector",
      experimental: false,
    } as const;
    const options = { extraFunctions: new Map([[forecast.name, forecast]]) };
    expect(parseExpr("avx_forecast(x[7d], 1h) > 5", options)).toMatchObject({ type: "binary" });
    expect(refusal("avx_forecast(x, 1h)", options).reason).toMatch(/expected type range vector/);
    expect(refusal("avx_forecast(x[7d], 1h)").reason).toMatch(/unknown function/);
  });
});

describe("refusals", () => {
  it("say line, column and byte positions", () => {
    expect(refusal('sum(x)\n+ é{"a"')).toEqual({
      code: "bad_query",
      reason: "2:3: parse error: unexpected character: 'é'",
      at: [9, 15],
    });
    expect(refusal("")).toMatchObject({
      reason: "unknown position: parse error: no expression found in input",
    });
  });

  it.each([
    ["sum(a b)", "1:7", 'unexpected identifier "b" in aggregation'],
    ["rate(a b)", "1:8", 'unexpected identifier "b"'],
    ["sum by a", "1:8", 'unexpected identifier "a" in grouping opts, expected "("'],
    ["a + on(b) group_left * c", "1:22", 'unexpected <op:*> in grouping opts, expected "("'],
    ["sum by (a b) (c)", "1:11", 'unexpected identifier "b" in grouping opts, expected "," or ")"'],
    ['sum by ("") (c)', "1:9", 'invalid label name for grouping: ""'],
    [
      "a offset -b",
      "1:11",
      'unexpected identifier "b" in offset, expected number, duration, step(), or range()',
    ],
    ["a @ end", "1:8", "unexpected end of input in @, expected timestamp"],
    ['x{a="b",,}', "1:9", 'unexpected "," in label matching, expected identifier or "}"'],
    ['x{a=~"("}', "1:3", "error parsing regexp: missing closing ): `(`"],
    ['"a long string" 1', "1:17", 'unexpected number "1"'],
    ['1 "a long string"', "1:3", 'unexpected string "\\"a long st"...'],
    ["a[5m 5m]", "1:6", 'unexpected duration "5m" in subquery or range, expected ":" or "]"'],
    ["a[:5m]", "1:4", "unexpected colon before duration in duration expression"],
    ["a[5m]]", "1:6", "unexpected right bracket ']'"],
    [
      "a @ 1e30",
      "1:1",
      "timestamp out of bounds for @ modifier: 1000000000000000019884624838656.000000",
    ],
    ["a[99999999999999999999y]", "1:3", 'not a valid duration string: "99999999999999999999y"'],
    ["a + on(b) group_left(b) c", "1:3", 'label "b" must not occur in ON and GROUP clause at once'],
    ["1 == 1", "1:3", "comparisons between scalars must use BOOL modifier"],
    ["a + b[5m]", "1:5", "binary expression must contain only scalar and instant vector types"],
    ["label_join(a, 'b')", "1:1", 'expected at least 3 argument(s) in call to "label_join", got 2'],
    ["time() + fill(1) a", "1:1", "filling in missing series only allowed between instant vectors"],
    ["a[5m] anchored smoothed", "1:1", "anchored and smoothed modifiers cannot be used together"],
    ["a[1h:] smoothed", "1:1", "smoothed modifier is not supported for subqueries"],
    ["!", "1:1", "unexpected character after '!': '\ufffd'"],
  ])("%s: %s %s", (text, position, reason) => {
    expect(refusal(text).reason).toBe(`${position}: parse error: ${reason}`);
  });

  it("report of several errors the one that is met first", () => {
    expect(refusal("unknown_function(a) $").reason).toMatch(/unknown function/);
    expect(refusal("sum() $").reason).toMatch(/unexpected character/);
  });
});
