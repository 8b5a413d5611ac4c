import { formatRoute, parseRoute, type Route } from "./route.ts";
import { DEFAULT_RANGE, formatTimePoint, parseTimePoint, type TimeRange } from "./time-range.ts";

/** The languages of the page, as BCP 47 tags. */
export const LANGUAGES = ["en", "pt-BR"] as const;
/** The languages of the page. */
export type Language = (typeof LANGUAGES)[number];

/** The colour themes. */
export const THEMES = ["light", "dark"] as const;
/** The colours of the page; `system` follows the device. */
export type Theme = (typeof THEMES)[number];

/** Earlier times to compare with. */
export const COMPARISONS = ["1d", "1w"] as const;
/** How far back a comparison lies. */
export type Comparison = (typeof COMPARISONS)[number];

/** All that decides what the page shows, and all of it is in the URL. `null`: not said there. */
export interface View {
  readonly route: Route;
  readonly range: TimeRange;
  /** The service filter of the lists. */
  readonly service: string | null;
  readonly language: Language | null;
  readonly theme: Theme | null;
  /** Traces: only those that took at least so long. */
  readonly minDurationMs: number | null;
  /** Traces: only those with an error. */
  readonly errorsOnly: boolean;
  /** Explore: the PromQL expression; empty when none was run. */
  readonly expression: string;
  /** Explore: a table of values at the end of the range instead of a graph. */
  readonly asTable: boolean;
  /** Explore: the earlier time that is drawn besides. */
  readonly compare: Comparison | null;
  /** Explore: the step of the graph; `null` chooses it by the range. */
  readonly stepMs: number | null;
  /** Trace: the span whose details are open. */
  readonly spanId: string | null;
}

/** The server takes queries up to 16 KiB. */
const MAX_EXPRESSION_CHARS = 16_384;

/** Longest value taken from the URL: longer ones are noise or an attack, not a name. */
const MAX_PARAMETER_CHARS = 512;

/** Reads a view from path and query. What cannot be read falls back to its default. */
export function parseView(url: { readonly pathname: string; readonly search: string }): View {
  const params = new URLSearchParams(url.search);
  return {
    route: parseRoute(url.pathname),
    range: readRange(params),
    service: readText(params, "service", MAX_PARAMETER_CHARS),
    language: oneOf(LANGUAGES, params.get("lang")),
    theme: oneOf(THEMES, params.get("theme")),
    minDurationMs: readPositive(params, "min"),
    errorsOnly: params.get("errors") === "1",
    expression: readText(params, "expr", MAX_EXPRESSION_CHARS) ?? "",
    asTable: params.get("show") === "table",
    compare: oneOf(COMPARISONS, params.get("compare")),
    stepMs: readPositive(params, "step"),
    spanId: readText(params, "span", MAX_PARAMETER_CHARS),
  };
}

/** The path and query of a view; `parseView` reads it back. Defaults are left out. */
export function formatView(view: View): string {
  const params = new URLSearchParams();
  const from = formatTimePoint(view.range.from);
  const to = formatTimePoint(view.range.to);
  const isDefault =
    from === formatTimePoint(DEFAULT_RANGE.from) && to === formatTimePoint(DEFAULT_RANGE.to);
  if (!isDefault) {
    params.set("from", from);
    params.set("to", to);
  }
  if (view.service !== null) params.set("service", view.service);
  if (view.route.page === "traces") {
    if (view.minDurationMs !== null) params.set("min", String(view.minDurationMs));
    if (view.errorsOnly) params.set("errors", "1");
  }
  if (view.route.page === "explore") {
    if (view.expression !== "") params.set("expr", view.expression);
    if (view.asTable) params.set("show", "table");
    if (view.compare !== null) params.set("compare", view.compare);
    if (view.stepMs !== null) params.set("step", String(view.stepMs));
  }
  if (view.route.page === "trace" && view.spanId !== null) params.set("span", view.spanId);
  if (view.language !== null) params.set("lang", view.language);
  if (view.theme !== null) params.set("theme", view.theme);
  const query = params.toString();
  return formatRoute(view.route) + (query === "" ? "" : `?${query}`);
}

function readRange(params: URLSearchParams): TimeRange {
  const from = parseTimePoint(params.get("from") ?? "");
  const to = parseTimePoint(params.get("to") ?? "now");
  return from && to ? { from, to } : DEFAULT_RANGE;
}

function readText(params: URLSearchParams, name: string, maxChars: number): string | null {
  const text = params.get(name);
  return text === null || text === "" ? null : text.slice(0, maxChars);
}

function readPositive(params: URLSearchParams, name: string): number | null {
  const value = Number(params.get(name) ?? "");
  return Number.isFinite(value) && value > 0 ? value : null;
}

/** The member of `values` that equals `text`, or `null`. */
export function oneOf<T extends string>(values: readonly T[], text: string | null): T | null {
  return values.find((value) => value === text) ?? null;
}
