/** The page that is shown. */
export type Route =
  | { readonly page: "services" }
  | { readonly page: "service"; readonly service: string }
  | { readonly page: "traces" }
  | { readonly page: "trace"; readonly traceId: string }
  | { readonly page: "explore" }
  | { readonly page: "capacity" }
  | { readonly page: "anomalies" }
  | { readonly page: "data" }
  | { readonly page: "not-found"; readonly path: string };

/** The route of a URL path. A path that is no page, or is not decodable, is `not-found`. */
export function parseRoute(pathname: string): Route {
  const parts = pathname.split("/").filter((part) => part !== "");
  const [first, second] = parts;
  if (first === undefined) return { page: "services" };
  if (parts.length === 1 && first === "traces") return { page: "traces" };
  if (parts.length === 1 && first === "explore") return { page: "explore" };
  if (parts.length === 1 && first === "capacity") return { page: "capacity" };
  if (parts.length === 1 && first === "anomalies") return { page: "anomalies" };
  if (parts.length === 1 && first === "data") return { page: "data" };
  if (parts.length === 1 && first === "services") return { page: "services" };
  if (parts.length === 2 && second !== undefined) {
    const name = decodePart(second);
    if (first === "services" && name !== null) return { page: "service", service: name };
    if (first === "traces" && name !== null) return { page: "trace", traceId: name };
  }
  return { page: "not-found", path: pathname };
}

/** The URL path of a route; `parseRoute` reads it back. */
export function formatRoute(route: Route): string {
  switch (route.page) {
    case "services":
      return "/";
    case "service":
      return `/services/${encodePart(route.service)}`;
    case "traces":
      return "/traces";
    case "trace":
      return `/traces/${encodePart(route.traceId)}`;
    case "anomalies":
      return "/anomalies";
    case "data":
      return "/data";
    case "explore":
      return "/explore";
    case "capacity":
      return "/capacity";
    case "not-found":
      return route.path;
  }
}

/** `.` and `..` would be swallowed by the browser's path resolution, also in their `%2e` form. */
function encodePart(text: string): string {
  return /^\.{1,2}$/.test(text) ? `~${text}` : encodeURIComponent(text).replace(/^~/, "%7E%7E");
}

function decodePart(part: string): string | null {
  try {
    const text = decodeURIComponent(part);
    if (/^~\.{1,2}$/.test(text)) return text.slice(1);
    return text.startsWith("~~") ? text.slice(1) : text;
  } catch {
    return null;
  }
}
