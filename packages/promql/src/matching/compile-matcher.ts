import type { Matcher } from "@avx/model";
import { isLiteral, literalText, matchAlternative } from "./match-alternative.ts";
import { assertRegexLength, compileRegex } from "./regex.ts";
import { parseSimplePattern } from "./simple-pattern.ts";

/** From this many literals on, a hash set beats comparing one by one. */
const SET_THRESHOLD = 4;

/**
 * A test of label values for one matcher, with the semantics of Prometheus: regexes are RE2, match
 * the whole value, and `.` matches newlines. An absent label is tested as "". Literals, prefixes,
 * suffixes, `.*`, `.+` and alternations of them run without a regex engine. Throws AvxError
 * `bad_query` for an invalid or too long regex.
 */
export function compileMatcher(matcher: Matcher): (value: string) => boolean {
  const { op, value: wanted } = matcher;
  switch (op) {
    case "=":
      return (value) => value === wanted;
    case "!=":
      return (value) => value !== wanted;
    case "=~":
      return compilePattern(wanted);
    case "!~": {
      const matches = compilePattern(wanted);
      return (value) => !matches(value);
    }
  }
}

/**
 * The values that a matcher accepts when they can be listed: one for `=`, those of an alternation
 * of literals for `=~` (`a|b`, `(a|b)-c`); each once. Undefined otherwise. An index looks them up
 * instead of testing every value.
 */
export function literalValues(matcher: Matcher): readonly string[] | undefined {
  if (matcher.op === "=") return [matcher.value];
  if (matcher.op !== "=~") return undefined;
  assertRegexLength(matcher.value);
  const alternatives = parseSimplePattern(matcher.value);
  if (alternatives === undefined || !alternatives.every(isLiteral)) return undefined;
  return [...new Set(alternatives.map(literalText))];
}

/**
 * How many instructions the regex engine runs for a matcher; 0 where it is not needed. Throws
 * AvxError `bad_query` for an invalid or too long regex.
 */
export function matcherProgramSize({ op, value }: Matcher): number {
  if (op === "=" || op === "!=") return 0;
  assertRegexLength(value);
  return parseSimplePattern(value) === undefined ? compileRegex(value).programSize : 0;
}

function compilePattern(regex: string): (value: string) => boolean {
  assertRegexLength(regex);
  const alternatives = parseSimplePattern(regex);
  if (alternatives === undefined) return compileRegex(regex).test;
  if (alternatives.length >= SET_THRESHOLD && alternatives.every(isLiteral)) {
    const values = new Set(alternatives.map(literalText));
    return (value) => values.has(value);
  }
  const tests = alternatives.map(matchAlternative);
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (value) => tests.some((test) => test(value));
}
