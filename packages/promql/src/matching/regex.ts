import { AvxError } from "@avx/model";
import { RE2JS, RE2JSException } from "re2js";
import { expandTemplate } from "./expand-template.ts";

/** Longer than any sensible label regex, short enough that compiling stays within milliseconds. */
export const MAX_REGEX_BYTES = 4096;

/** A compiled RE2 regex that must match the whole value; `.` matches newlines too. */
export interface FullMatchRegex {
  test(value: string): boolean;
  /** Instructions of the compiled program: what compiling costs, and each character at worst. */
  readonly programSize: number;
  /**
   * The template with `$1`, `${1}`, `$name`, `${name}` replaced by what the groups matched, and
   * `$$` by `$`, as Go's Regexp.Expand does; undefined when the regex does not match `value`.
   */
  expand(value: string, template: string): string | undefined;
}

/**
 * Compiles a user's regex with RE2 syntax and linear matching time. Throws AvxError `bad_query`
 * with the reason (`error parsing regexp: ...`) for an invalid one, and for one of more than
 * MAX_REGEX_BYTES.
 */
export function compileRegex(text: string): FullMatchRegex {
  const regex = compile(text);
  return {
    test: (value) => regex.testExact(value),
    programSize: regex.programSize(),
    expand(value, template) {
      const matcher = regex.matcher(value);
      if (!matcher.matches()) return undefined;
      return expandTemplate(template, {
        byNumber: (index) => (index <= matcher.groupCount() ? (matcher.group(index) ?? "") : ""),
        byName: (name) => (name in regex.namedGroups() ? (matcher.group(name) ?? "") : ""),
      });
    },
  };
}

/** Refuses a regex of more than MAX_REGEX_BYTES with AvxError `bad_query`. */
export function assertRegexLength(text: string): void {
  if (new TextEncoder().encode(text).length <= MAX_REGEX_BYTES) return;
  throw new AvxError("bad_query", {
    reason: `regular expression is longer than ${MAX_REGEX_BYTES} bytes`,
    limitBytes: MAX_REGEX_BYTES,
  });
}

function compile(text: string): RE2JS {
  assertRegexLength(text);
  try {
    return RE2JS.compile(text, RE2JS.DOTALL);
  } catch (cause) {
    if (cause instanceof RE2JSException || cause instanceof RangeError) {
      throw new AvxError("bad_query", { reason: describe(cause) }, { cause });
    }
    throw cause;
  }
}

/** re2js writes the dot-all flag into the pattern that it quotes; the user did not. */
function describe(error: Error): string {
  if (error instanceof RangeError) return "error parsing regexp: expression nests too deeply";
  return error.message.replace("`(?s)", "`");
}
