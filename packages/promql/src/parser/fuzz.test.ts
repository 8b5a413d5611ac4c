import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import type { Expr } from "./ast.ts";
import { parseExpr } from "./parse.ts";
import { ALL_EXPERIMENTAL } from "./parse-options.ts";
import { prettyPrint, printExpr } from "./print.ts";

/** A generator of Lehmer's kind (Park and Miller 1988): the same numbers on every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

const parse = (text: string) => parseExpr(text, ALL_EXPERIMENTAL);

/** Operators of random strength can bind so that the types do not fit. */
function parseIfValid(text: string): Expr | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof AvxError) return undefined;
    throw error;
  }
}

/** The tree without what printing does not keep: positions, `by ()`, plus signs of durations. */
function meaning(expr: Expr): unknown {
  return JSON.parse(JSON.stringify(expr, dropPrinted));
}

function dropPrinted(this: unknown, key: string, value: unknown): unknown {
  if (key === "range" || key === "hasGrouping") return undefined;
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (key === "matchers" && Array.isArray(value)) {
    return value.map((matcher) => JSON.stringify(matcher)).sort();
  }
  const isPlus =
    typeof value === "object" &&
    value !== null &&
    "op" in value &&
    "operand" in value &&
    value.op === "+";
  return isPlus ? dropPrinted.call(value, "", value.operand) : value;
}

describe("random queries", () => {
  it("print to text that parses to the same tree", () => {
    const random = seededRandom(20261124);
    let accepted = 0;
    for (let i = 0; i < 2500; i++) {
      const expr = parseIfValid(randomQuery(random));
      if (expr === undefined) continue;
      accepted++;
      const printed = printExpr(expr);
      expect(meaning(parse(printed))).toEqual(meaning(expr));
      expect(printExpr(parse(printed))).toBe(printed);
      expect(printExpr(parse(prettyPrint(expr, 20)))).toBe(printed);
    }
    expect(accepted).toBeGreaterThan(1500);
  });

  it("with bytes changed parse or are refused with an AvxError", () => {
    const random = seededRandom(7);
    let refused = 0;
    for (let i = 0; i < 5000; i++) {
      const bytes = new TextEncoder().encode(randomQuery(random));
      for (let changes = 0; changes <= i % 4; changes++) {
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      }
      try {
        parse(new TextDecoder().decode(bytes));
      } catch (error) {
        refused++;
        expect(error).toBeInstanceOf(AvxError);
      }
    }
    expect(refused).toBeGreaterThan(2000);
  });
});

type Pick = <T>(choices: readonly T[]) => T;

/** A random query that the parser mostly accepts: every construct of the language, 4 levels. */
function randomQuery(random: () => number): string {
  const pick: Pick = (choices) => {
    const choice = choices[Math.floor(random() * choices.length)];
    if (choice === undefined) throw new Error("nothing to choose from");
    return choice;
  };
  return pick([vector, vector, vector, scalar, matrix])(pick, 3);
}

/** Nothing two times of three. */
const maybe = (pick: Pick, text: () => string) => pick([() => "", () => "", text])();

function duration(pick: Pick, depth: number): string {
  const literal = () => pick(["5m", "90", "1h30m", "1s9ms", "4.5", "1_0"]);
  if (depth === 0) return literal();
  const below = () => duration(pick, depth - 1);
  return pick([
    literal,
    () => `(${below()})`,
    () => pick(["step()", "range()"]),
    () => `-${below()}`,
    () => `${below()} ${pick(["+", "-", "*", "^"])} ${below()}`,
    () => `min_of(${below()}, +${below()})`,
  ])();
}

const positive = (pick: Pick) => `(${duration(pick, 2)})`;

function shift(pick: Pick): string {
  const at = () => ` @ ${pick(["start()", "end()", "-1.5", "1600000000"])}`;
  const offset = () => ` offset ${pick(["-5m", "1w", positive(pick), "step()", "+range()"])}`;
  return maybe(pick, at) + maybe(pick, offset);
}

const label = (pick: Pick) => pick(["job", "le", "by", '"a b"', '"é\\n"', "'x'"]);

function labels(pick: Pick): string {
  return `(${pick(["", label(pick), `${label(pick)}, ${label(pick)}`])})`;
}

function series(pick: Pick): string {
  const value = () => pick(['"a|b"', "'\\u00e9'", "`x.*`", '"😀"']);
  const matcher = () => `${label(pick)}${pick(["=", "!=", "=~", "!~"])}${value()}`;
  return pick([() => `x{${matcher()}, ${matcher()}}`, () => "sum", () => '{"é", a="b"}'])();
}

function matching(pick: Pick): string {
  const on = () => ` on ${labels(pick)}`;
  return pick([() => "", on, () => ` ignoring (q) group_left ${pick(["()", "(z)"])}`])();
}

function scalar(pick: Pick, depth: number): string {
  const literals = ["1", "-0x1F", "1e-7", "2.5e30", "+Inf", "NaN", "5m", "-1h", "time()", "pi()"];
  if (depth === 0) return pick(literals);
  const below = () => scalar(pick, depth - 1);
  const ofVector = () => `scalar(${vector(pick, depth - 1)})`;
  return pick([() => `(${below()})`, () => `-${below()}`, ofVector])();
}

function matrix(pick: Pick, depth: number): string {
  const range = () => pick(["[5m]", `[${positive(pick)}]`]);
  const steps = () => pick(["[1h:]", "[1h:5m]", `[${positive(pick)}:${positive(pick)}]`]);
  const extension = () => maybe(pick, () => pick([" anchored", " smoothed"]));
  const selector = () => series(pick) + range() + extension() + shift(pick);
  if (depth === 0) return selector();
  return pick([selector, () => `(${vector(pick, depth - 1)})${steps()}${shift(pick)}`])();
}

function vector(pick: Pick, depth: number): string {
  if (depth === 0) return series(pick) + shift(pick);
  const below = () => vector(pick, depth - 1);
  const number = () => scalar(pick, depth - 1);
  const match = () => matching(pick);
  const fill = () => maybe(pick, () => "fill_left(-1)");
  const on = () => maybe(pick, () => "on (q)");
  return pick([
    () => `(${below()})`,
    () => `-${below()}`,
    () => `rate(${matrix(pick, depth - 1)})`,
    () => `clamp(${below()}, ${number()}, ${number()})`,
    () => `label_join(${below()}, "a", '', "\\x41")`,
    () => `sum ${pick(["by", "without"])} ${labels(pick)} (${below()})`,
    () => `topk(${number()}, ${below()})`,
    () => `limit_ratio(0.5, ${below()})`,
    () => `${below()} ${pick(["+", "-", "/", "%", "^", "atan2"])}${match()} ${below()}`,
    () => `${below()} ${pick(["==", "<", "</", ">/"])}${match()} ${fill()} ${below()}`,
    () => `${below()} ${pick(["and", "or", "unless"])} ${on()} ${below()}`,
    () => `${below()} ${pick(["*", ">"])} ${number()}`,
    () => `${number()} ${pick(["!=", ">="])} bool ${number()} * ${below()}`,
  ])();
}
