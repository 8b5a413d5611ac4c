import {
  AGGREGATIONS,
  type Aggregation,
  BUILDER_FUNCTIONS,
  type BuilderFunction,
  type BuilderMatcher,
  type BuilderQuery,
  EMPTY_QUERY,
  hasBuckets,
  isDuration,
  MATCH_OPERATORS,
  RANGE_FUNCTIONS,
} from "./builder-query.ts";
import { promqlTokens, type Token } from "./promql-tokens.ts";

/** A text as the builder shows it, or the first piece of it that it has no field for. */
export type BuilderReading =
  | { readonly kind: "read"; readonly query: BuilderQuery }
  | { readonly kind: "unreadable"; readonly near: string };

/** A piece that the builder has no field for; empty at the end of the text. */
class Unreadable extends Error {
  override readonly name = "Unreadable";
}

/**
 * Reads what `writeBuilderQuery` writes, in any layout, with `by` before or behind. Everything else
 * is `unreadable`, never a query that would mean something else. An empty text is an empty query.
 */
export function readBuilderQuery(text: string): BuilderReading {
  if (text.trim() === "") return { kind: "read", query: EMPTY_QUERY };
  try {
    return { kind: "read", query: new Reader(promqlTokens(text)).whole() };
  } catch (cause) {
    if (cause instanceof Unreadable) return { kind: "unreadable", near: cause.message };
    throw cause;
  }
}

const QUANTILE = /^(?:0?\.[0-9]+|0|1)$/;
const isQuantile = (text: string): boolean => QUANTILE.test(text);

function memberOf<T extends string>(words: readonly T[], text: string): T | null {
  return words.find((known) => known === text) ?? null;
}

/** Walks over the tokens; each method reads one rule of the grammar or throws `Unreadable`. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): BuilderQuery {
    const query = this.#isCall("histogram_quantile") ? this.#quantile() : this.#aggregate();
    if (this.#next().kind !== "end") this.#refuse();
    return query;
  }

  #quantile(): BuilderQuery {
    this.#at++;
    this.#take("(");
    const quantile = this.#match("number", isQuantile);
    this.#take(",");
    const inner = this.#aggregate();
    if (inner.call !== "rate") this.#refuse();
    this.#take(")");
    const query = { ...inner, call: "histogram_quantile", quantile: Number(quantile) } as const;
    if (!hasBuckets(query) || query.aggregation === null) return query;
    // The builder writes `le` by itself; a quantile of buckets without it is none.
    if (!query.by.includes("le")) throw new Unreadable("by");
    return { ...query, by: query.by.filter((label) => label !== "le") };
  }

  #aggregate(): BuilderQuery {
    const aggregation = memberOf<Aggregation>(AGGREGATIONS, this.#next().text);
    const follower = this.#next(1).text;
    if (aggregation === null || (follower !== "(" && follower !== "by")) return this.#call();
    this.#at++;
    const before = this.#by();
    this.#take("(");
    const inner = this.#call();
    this.#take(")");
    return { ...inner, aggregation, by: before ?? this.#by() ?? [] };
  }

  #by(): readonly string[] | null {
    if (this.#next().text !== "by") return null;
    this.#at++;
    this.#take("(");
    const labels = this.#listUntil(")", () => this.#name());
    return [...new Set(labels)];
  }

  #call(): BuilderQuery {
    const call = memberOf<BuilderFunction>(RANGE_FUNCTIONS, this.#next().text);
    if (call === null || this.#next(1).text !== "(") return this.#selector();
    this.#at += 2;
    const selected = this.#selector();
    this.#take("[");
    const window = this.#match("number", isDuration);
    this.#take("]");
    this.#take(")");
    return { ...selected, call, window };
  }

  #selector(): BuilderQuery {
    let metric = "";
    if (this.#next().kind === "word") {
      metric = this.#next().value;
      if (memberOf(BUILDER_FUNCTIONS, metric) && this.#next(1).text === "(") this.#refuse();
      this.#at++;
      if (this.#next().text !== "{") return { ...EMPTY_QUERY, metric };
    }
    this.#take("{");
    const matchers: BuilderMatcher[] = [];
    this.#listUntil("}", () => {
      const isName = this.#next().kind === "string" && /^[,}]$/.test(this.#next(1).text);
      if (isName && metric === "") metric = this.#name();
      else matchers.push(this.#matcher());
    });
    if (metric === "" && matchers.length === 0) this.#refuse();
    return { ...EMPTY_QUERY, metric, matchers };
  }

  #matcher(): BuilderMatcher {
    const label = this.#name();
    const operator = memberOf(MATCH_OPERATORS, this.#next().text) ?? this.#refuse();
    this.#at++;
    return { label, operator, value: this.#match("string") };
  }

  /** A label, plain or quoted; an empty one cannot be shown. */
  #name(): string {
    const { kind, value } = this.#next();
    if ((kind !== "word" && kind !== "string") || value === "") this.#refuse();
    this.#at++;
    return value;
  }

  /** Items with commas between, and one more at the end if there is one, as PromQL allows. */
  #listUntil<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (this.#next().text !== close) {
      items.push(item());
      if (this.#next().text !== close) this.#take(",");
    }
    this.#at++;
    return items;
  }

  #match(kind: Token["kind"], hasForm = (_: string) => true): string {
    const token = this.#next();
    if (token.kind !== kind || !hasForm(token.value)) this.#refuse();
    this.#at++;
    return token.value;
  }

  #take(sign: string): void {
    const token = this.#next();
    if (token.kind !== "sign" || token.text !== sign) this.#refuse();
    this.#at++;
  }

  #isCall(name: string): boolean {
    return this.#next().text === name && this.#next(1).text === "(";
  }

  /** The last token is the end, which nothing steps over. */
  #next(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? { kind: "end", text: "", value: "" };
  }

  #refuse(): never {
    throw new Unreadable(this.#next().text);
  }
}
