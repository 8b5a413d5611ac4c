import type { Labels } from "@avx/model";
import { quoteString } from "../parser/go-quote.ts";

const PLAIN_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Labels as Prometheus prints them in errors: `{__name__="up", job="a"}`. */
export function labelsText(labels: Labels): string {
  const parts: string[] = [];
  for (let i = 0; i < labels.length; i += 2) {
    const name = labels[i]!;
    const value = labels[i + 1]!;
    parts.push(`${PLAIN_NAME.test(name) ? name : quoteString(name)}=${quoteString(value)}`);
  }
  return `{${parts.join(", ")}}`;
}
