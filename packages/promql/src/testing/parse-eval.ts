import { parseNumber } from "../parser/number.ts";
import { unquote } from "../parser/unquote.ts";
import type { EvalCommand, ExpectedSeries, ExpectedText, SequenceValue } from "./script.ts";
import { scriptDurationMs, scriptError } from "./script-error.ts";
import { blockLines, type ScriptLines } from "./script-lines.ts";
import { parseSeriesLine } from "./series-notation.ts";

const INSTANT = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(\S+))?\s+(.+)$/;
const RANGE =
  /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/;
const RANGE_VECTOR = /^expect range vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$/;
const EXPECT = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/;

type Draft = { -readonly [Key in keyof EvalCommand]: EvalCommand[Key] } & {
  warnings: ExpectedText[];
  infos: ExpectedText[];
  expectedSeries: ExpectedSeries[];
};

/** Reads an eval and the expectations below it. */
export function parseEval(line: string, number: number, script: ScriptLines): EvalCommand {
  const draft = parseHead(line, number);
  for (const text of blockLines(script)) if (!parseExpectation(text, draft)) break;
  return draft;
}

function parseHead(line: string, number: number): Draft {
  const instant = INSTANT.exec(line);
  const range = instant ? null : RANGE.exec(line);
  if (!instant && !range) throw scriptError(`invalid eval ${line}`, number);
  const times = (range ? range.slice(2, 5) : [instant?.[2] ?? "0", instant?.[2] ?? "0", "0"]).map(
    scriptDurationMs,
  );
  const modifier = (instant ?? range)?.[1];
  const draft: Draft = {
    kind: "eval",
    line: number,
    query: (instant?.[3] ?? range?.[5] ?? "").trim(),
    isRange: range !== null,
    startMs: times[0]!,
    endMs: times[1]!,
    stepMs: times[2]!,
    ordered: modifier === "ordered",
    warnings: modifier === "warn" ? [{}] : [],
    infos: modifier === "info" ? [{}] : [],
    noWarnings: false,
    noInfos: false,
    expectsRangeVector: false,
    expectedSeries: [],
  };
  if (modifier === "fail") draft.fail = {};
  return draft;
}

/** Reads one line; false when it is the last one that counts. */
function parseExpectation(text: string, draft: Draft): boolean {
  const oldFail = draft.fail && /^expected_fail_(message|regexp)\s*(.*)$/.exec(text);
  if (oldFail) {
    const [, kind, wanted = ""] = oldFail;
    draft.fail = kind === "message" ? { message: wanted.trim() } : { pattern: goPattern(wanted) };
    return false;
  }
  const rangeVector = RANGE_VECTOR.exec(text);
  if (rangeVector) {
    const [startMs = 0, endMs = 0, stepMs = 0] = rangeVector.slice(1).map(scriptDurationMs);
    Object.assign(draft, { startMs, endMs, stepMs, expectsRangeVector: true });
    return true;
  }
  if (text.startsWith("expect string ")) {
    draft.expectedString = unquote(text.slice("expect string ".length).trim());
    return true;
  }
  if (/^expect\s/.test(text)) {
    parseExpect(text, draft);
    return true;
  }
  const scalar = scalarValue(text);
  if (scalar) {
    draft.expectedScalar = scalar;
    return false;
  }
  draft.expectedSeries.push(parseSeriesLine(text));
  return true;
}

function parseExpect(text: string, draft: Draft): void {
  const [, type, kind, wanted = ""] = EXPECT.exec(text) ?? [];
  const expected: ExpectedText =
    kind === "msg"
      ? { message: wanted.trim() }
      : kind === "regex"
        ? { pattern: goPattern(wanted) }
        : {};
  switch (type) {
    case "ordered":
      draft.ordered = true;
      break;
    case "fail":
      draft.fail = expected;
      break;
    case "warn":
      draft.warnings.push(expected);
      break;
    case "info":
      draft.infos.push(expected);
      break;
    case "no_warn":
      draft.noWarnings = true;
      break;
    case "no_info":
      draft.noInfos = true;
      break;
    default:
      throw scriptError(`invalid expect statement ${text}`);
  }
}

/** A pattern in Go's syntax, as far as scripts use it: flags stand in front. */
function goPattern(text: string): RegExp {
  const [, flags = "", pattern = ""] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(text.trim()) ?? [];
  return new RegExp(pattern, flags);
}

function scalarValue(text: string): SequenceValue | undefined {
  const negative = text.startsWith("-");
  const parsed = parseNumber(text.replace(/^[+-]/, ""));
  if (!parsed.ok) return undefined;
  return { kind: "float", value: negative ? -parsed.value : parsed.value };
}
