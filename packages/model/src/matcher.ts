/** How a matcher compares: equal, not equal, matches the anchored RE2 regex, does not match it. */
export type MatchOp = "=" | "!=" | "=~" | "!~";

/** One condition of a series selector. An absent label counts as the empty string. */
export interface Matcher {
  readonly name: string;
  readonly op: MatchOp;
  readonly value: string;
}
