import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { parseExpr } from "./parse.ts";
import { ALL_EXPERIMENTAL } from "./parse-options.ts";

/** Cases of Prometheus' own parser tests (promql/parser/parse_test.go, Apache-2.0). */
interface ParseCase {
  readonly input?: string;
  readonly generate?: {
    readonly prefix: string;
    readonly unit: string;
    readonly times: number;
    readonly suffix: string;
  };
  readonly ok: boolean;
  readonly root?: string;
  readonly number?: string;
  readonly error?: string;
  readonly errorPos?: readonly [number, number];
}

const ROOTS: Readonly<Record<string, string>> = {
  NumberLiteral: "number",
  StringLiteral: "string",
  VectorSelector: "vectorSelector",
  MatrixSelector: "matrixSelector",
  SubqueryExpr: "subquery",
  AggregateExpr: "aggregate",
  BinaryExpr: "binary",
  UnaryExpr: "unary",
  ParenExpr: "paren",
  Call: "call",
};

const file = join(import.meta.dirname, "../../../../../shared/data/promql-parse.json");
const missing = `needs ${file}: the cases of prometheus/prometheus promql/parser/parse_test.go as JSON`;

// JSON.parse gives no types; the file's fields are those above.
const cases = existsSync(file)
  ? (JSON.parse(readFileSync(file, "utf8")) as { readonly cases: readonly ParseCase[] }).cases
  : [];

describe.skipIf(cases.length === 0)("Prometheus' parser tests", () => {
  it.each(cases.map((test): [string, ParseCase] => [textOf(test), test]))("%j", (text, test) => {
    if (test.ok) {
      const expr = parseExpr(text, ALL_EXPERIMENTAL);
      expect(expr.type).toBe(ROOTS[test.root ?? ""]);
      if (test.number !== undefined && expr.type === "number") {
        expect(expr.value).toBe(Number(test.number.replace("Inf", "Infinity")));
      }
      return;
    }
    const facts = refusalFacts(text);
    expect(facts["reason"]).toMatch(/^(?:\d+:\d+|unknown position): parse error: /);
    if (test.error !== undefined) {
      expect(String(facts["reason"]).split("parse error: ")[1]).toBe(test.error);
      expect([facts["positionStart"], facts["positionEnd"]]).toEqual(test.errorPos);
    }
  });
});

it.runIf(cases.length === 0)(`Prometheus' parser tests: skipped, ${missing}`, (context) => {
  context.skip();
});

function textOf({ input, generate }: ParseCase): string {
  if (generate === undefined) return input ?? "";
  return generate.prefix + generate.unit.repeat(generate.times) + generate.suffix;
}

function refusalFacts(text: string): AvxError["facts"] {
  try {
    parseExpr(text, ALL_EXPERIMENTAL);
  } catch (error) {
    if (error instanceof AvxError) return error.facts;
    throw error;
  }
  throw new Error("accepted what Prometheus refuses");
}
