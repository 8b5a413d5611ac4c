import type { IncomingMessage } from "node:http";
import type { ServerObservation } from "./server-observation.ts";

/** The parts of an Express request that routing changes. */
interface RoutedRequest extends IncomingMessage {
  baseUrl?: string;
  route?: { readonly path: unknown } | undefined;
  params?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Follows Express while it routes. At the end of a request it is too late: `baseUrl` is concrete
 * ("/users/42") and an error handler sees it reset. So both properties are observed when they are
 * set, and mount paths are turned back into templates by the parameters that were matched in them.
 */
export function trackExpressRoute(request: RoutedRequest, observation: ServerObservation): void {
  let shown = request.baseUrl;
  let baseUrl = shown ?? "";
  let route = request.route;
  const templates = new Map<string, string>([
    ["", ""],
    [baseUrl, baseUrl],
  ]);
  Object.defineProperty(request, "baseUrl", {
    configurable: true,
    enumerable: true,
    get: () => shown,
    // Express puts undefined back when it has run out of routes.
    set: (value: string | undefined) => {
      if (value !== undefined && !templates.has(value)) {
        templates.set(value, mountTemplate(value, baseUrl, request));
      }
      shown = value;
      baseUrl = value ?? "";
    },
  });
  Object.defineProperty(request, "route", {
    configurable: true,
    enumerable: true,
    get: () => route,
    set: (value: RoutedRequest["route"]) => {
      route = value;
      if (value === undefined) return;
      observation.route = joinedPath(templates.get(baseUrl) ?? "", pathText(value.path));
    },
  });

  function mountTemplate(value: string, previous: string, from: RoutedRequest): string {
    const isDeeper = value.startsWith(previous);
    const prefix = isDeeper ? (templates.get(previous) ?? "") : "";
    const suffix = isDeeper ? value.slice(previous.length) : value;
    return prefix + withParameterNames(suffix, from.params ?? {});
  }
}

/** "/42/orders" and {id: "42"} give "/:id/orders". */
function withParameterNames(
  path: string,
  params: Readonly<Record<string, string | readonly string[]>>,
): string {
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(params)) {
    if (typeof value === "string") names.set(value, `:${name}`);
    else for (const segment of value) names.set(segment, `*${name}`);
  }
  const segments = path.split("/").map((segment) => names.get(decoded(segment)) ?? segment);
  return segments
    .filter((segment, i) => !(segment.startsWith("*") && segments[i - 1] === segment))
    .join("/");
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A route's path may be a string, a RegExp or a list of both. */
function pathText(path: unknown): string {
  if (Array.isArray(path)) return path.map(pathText).join(",");
  return path instanceof RegExp ? path.source : String(path);
}

function joinedPath(base: string, path: string): string {
  if (path === "/" || path === "") return base === "" ? "/" : base;
  return `${base}${path}`;
}
