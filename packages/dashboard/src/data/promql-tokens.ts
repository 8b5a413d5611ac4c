/** A piece of PromQL: its kind, its text as written, and of a string what it says. */
export interface Token {
  readonly kind: "word" | "number" | "string" | "sign" | "other" | "end";
  readonly text: string;
  readonly value: string;
}

const PIECES: readonly (readonly [Token["kind"], RegExp])[] = [
  ["word", /[a-zA-Z_:][a-zA-Z0-9_:]*/y],
  ["number", /\.?[0-9][a-zA-Z0-9_.]*/y],
  ["string", /"(?:[^"\\\n]|\\.)*"|'[^'\\\n]*'|`[^`]*`/y],
  ["sign", /=~|!~|!=|[(){}[\],=]/y],
  ["other", /\S/y],
];

/**
 * The tokens of the part of PromQL that the builder writes, with an `end` behind them. Whatever else
 * there is (operators, comments, strings with escapes that JSON lacks) is a token of kind `other`.
 */
export function promqlTokens(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: "end", text: "", value: "" }];
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, piece] of PIECES) {
    piece.lastIndex = at;
    const found = piece.exec(text)?.[0];
    if (found === undefined) continue;
    const value = kind === "string" ? stringValue(found) : found;
    return value === null
      ? { kind: "other", text: found, value: "" }
      : { kind, text: found, value };
  }
  return { kind: "other", text: text.charAt(at), value: "" };
}

/** What a literal says; `null` where it has an escape of Go that JSON does not know. */
function stringValue(literal: string): string | null {
  if (!literal.startsWith('"')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    return null;
  }
}
