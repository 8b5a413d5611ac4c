/** The parts of an Express request that routing reads. */
export interface RoutedRequest {
  readonly params?: Readonly<Record<string, string | readonly string[]>>;
}

/** The part of an Express route that names it. */
interface ExpressRoute {
  readonly path: unknown;
}

/**
 * Follows Express while it routes one request. At the end of the request it is too late: `baseUrl`
 * is concrete ("/users/42") and an error handler sees it reset. So both properties are noted when
 * they are set, and mount paths are turned back into templates by the parameters that were matched
 * in them.
 */
export class ExpressRouting {
  /** The full template of the route that was matched last; undefined before the first. */
  template: string | undefined = undefined;
  #baseUrl: string | undefined = undefined;
  #route: ExpressRoute | undefined = undefined;
  /** Templates of mount paths by what they were in this request; most requests have none. */
  #mounts: Map<string, string> | undefined = undefined;

  get baseUrl(): string | undefined {
    return this.#baseUrl;
  }

  get route(): ExpressRoute | undefined {
    return this.#route;
  }

  /** Express puts undefined back when it has run out of routes. */
  setBaseUrl(value: string | undefined, request: RoutedRequest): void {
    const previous = this.#baseUrl ?? "";
    this.#baseUrl = value;
    if (value === undefined || value === "" || value === previous) return;
    this.#mounts ??= new Map();
    if (!this.#mounts.has(value)) {
      this.#mounts.set(value, this.#mountTemplate(value, previous, request));
    }
  }

  setRoute(value: ExpressRoute | undefined): void {
    this.#route = value;
    if (value === undefined) return;
    const base = this.#mounts?.get(this.#baseUrl ?? "") ?? "";
    this.template = joinedPath(base, pathText(value.path));
  }

  #mountTemplate(value: string, previous: string, request: RoutedRequest): string {
    const isDeeper = value.startsWith(previous);
    const prefix = isDeeper ? (this.#mounts?.get(previous) ?? "") : "";
    const suffix = isDeeper ? value.slice(previous.length) : value;
    return prefix + withParameterNames(suffix, request.params ?? {});
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
