/** Text, or the number of characters that a wildcard takes at least: 0 for `.*`, 1 for `.+`. */
type Part = string | 0 | 1;

/** One way to match: literals and wildcards in turn, never two of a kind side by side. */
export type SimpleAlternative = readonly Part[];

/** As many alternatives as groups may multiply to; above it the regex engine is cheaper. */
const MAX_EXPANSION = 256;

/** Deeper groups are left to the regex engine, which has a limit of its own. */
const MAX_GROUP_DEPTH = 8;

/** Characters that mean something outside a character class (RE2 syntax). */
const SPECIAL = new Set("\\.+*?()|[]{}^$");

interface Reader {
  readonly regex: string;
  at: number;
  depth: number;
}

/**
 * Reads a regex made of literals, `.*`, `.+`, alternation and groups only, as nearly all label
 * regexes are, into its alternatives. Undefined when it uses anything else, or is invalid: then
 * the regex engine must speak. The regex is taken as anchored at both ends, with `.` matching
 * every character.
 */
export function parseSimplePattern(regex: string): readonly SimpleAlternative[] | undefined {
  const reader = { regex, at: 0, depth: 0 };
  const alternatives = readAlternation(reader);
  return reader.at === regex.length ? alternatives : undefined;
}

function readAlternation(reader: Reader): SimpleAlternative[] | undefined {
  const alternatives: SimpleAlternative[] = [];
  do {
    const sequence = readSequence(reader);
    if (sequence === undefined) return undefined;
    for (const alternative of sequence) alternatives.push(alternative);
  } while (take(reader, "|"));
  return alternatives;
}

function readSequence(reader: Reader): SimpleAlternative[] | undefined {
  // Anchors at the outer ends of an anchored pattern change nothing.
  if (reader.depth === 0) take(reader, "^");
  let heads: SimpleAlternative[] = [[]];
  while (!atSequenceEnd(reader)) {
    const tails = reader.regex[reader.at] === "(" ? readGroup(reader) : readPart(reader);
    if (tails === undefined || heads.length * tails.length > MAX_EXPANSION) return undefined;
    const joined: SimpleAlternative[] = [];
    for (const head of heads) {
      for (const tail of tails) {
        const whole = concat(head, tail);
        if (whole === undefined) return undefined;
        joined.push(whole);
      }
    }
    heads = joined;
  }
  if (reader.depth === 0) take(reader, "$");
  return heads;
}

function atSequenceEnd({ regex, at, depth }: Reader): boolean {
  const isEnd = (char: string | undefined) => char === undefined || char === "|" || char === ")";
  return isEnd(regex[at]) || (depth === 0 && regex[at] === "$" && isEnd(regex[at + 1]));
}

function readGroup(reader: Reader): SimpleAlternative[] | undefined {
  reader.at++;
  if (take(reader, "?") && !take(reader, ":")) return undefined;
  if (reader.depth === MAX_GROUP_DEPTH) return undefined;
  reader.depth++;
  const alternatives = readAlternation(reader);
  reader.depth--;
  return take(reader, ")") && !atRepetition(reader) ? alternatives : undefined;
}

function readPart(reader: Reader): SimpleAlternative[] | undefined {
  const char = reader.regex[reader.at++] ?? "";
  let part: Part = char;
  if (char === ".") {
    if (!take(reader, "*")) {
      if (!take(reader, "+")) return undefined;
      part = 1;
    } else part = 0;
  } else if (char === "\\") {
    part = reader.regex[reader.at++] ?? "";
    // RE2: a backslash before ASCII punctuation makes it literal; before a letter it has a meaning.
    if (!/^[!-/:-@[-`{-~]$/.test(part)) return undefined;
  } else if (SPECIAL.has(char)) return undefined;
  return atRepetition(reader) ? undefined : [[part]];
}

function atRepetition({ regex, at }: Reader): boolean {
  const char = regex[at];
  return char === "*" || char === "+" || char === "?" || char === "{";
}

function take(reader: Reader, char: string): boolean {
  if (reader.regex[reader.at] !== char) return false;
  reader.at++;
  return true;
}

/** Joins two sequences and merges what meets; undefined for `.+.+`, which counts characters. */
function concat(head: SimpleAlternative, tail: SimpleAlternative): SimpleAlternative | undefined {
  const last = head.at(-1);
  const first = tail[0];
  if (last === undefined || first === undefined) return [...head, ...tail];
  if (typeof last === "string" && typeof first === "string") {
    return [...head.slice(0, -1), last + first, ...tail.slice(1)];
  }
  if (typeof last === "string" || typeof first === "string") return [...head, ...tail];
  if (last + first > 1) return undefined;
  return [...head.slice(0, -1), last === 1 ? 1 : first, ...tail.slice(1)];
}
