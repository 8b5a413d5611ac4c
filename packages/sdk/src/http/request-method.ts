/** Methods that the semantic conventions know; others are counted as `_OTHER`. */
const KNOWN_METHODS = new Set([
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
  "QUERY",
]);

/** The value of `http.request.method`: a caller cannot make new series with invented methods. */
export function requestMethod(method: string | undefined): string {
  return method !== undefined && KNOWN_METHODS.has(method) ? method : "_OTHER";
}

/** Span name by the conventions: `{method} {route}`, without route the method alone. */
export function httpSpanName(method: string, route: string | undefined): string {
  const shown = method === "_OTHER" ? "HTTP" : method;
  return route === undefined ? shown : `${shown} ${route}`;
}
