import type { SimpleAlternative } from "./simple-pattern.ts";

/** Whether an alternative is text only, so that it matches exactly one value. */
export function isLiteral(alternative: SimpleAlternative): boolean {
  return alternative.every((part) => typeof part === "string");
}

/** The text of an alternative without wildcards ("" for the empty one). */
export function literalText(alternative: SimpleAlternative): string {
  return alternative.join("");
}

/**
 * A test for the whole value against literals and wildcards. Taking the earliest place for each
 * literal is right, as it leaves the most room for the rest; so the time is linear in practice and
 * no regex engine is involved.
 */
export function matchAlternative(alternative: SimpleAlternative): (value: string) => boolean {
  if (isLiteral(alternative)) {
    const text = literalText(alternative);
    return (value) => value === text;
  }
  return (value) => matchesParts(alternative, value);
}

function matchesParts(parts: SimpleAlternative, value: string): boolean {
  let at = 0;
  let wildcard: 0 | 1 | undefined;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part === undefined) return false;
    if (typeof part !== "string") {
      wildcard = part;
      continue;
    }
    if (wildcard === undefined) {
      if (!value.startsWith(part, at)) return false;
      at += part.length;
      continue;
    }
    if (i === parts.length - 1) {
      return value.length - part.length >= at + wildcard && value.endsWith(part);
    }
    const found = value.indexOf(part, at + wildcard);
    if (found < 0) return false;
    at = found + part.length;
    wildcard = undefined;
  }
  return wildcard === undefined ? at === value.length : value.length >= at + wildcard;
}
