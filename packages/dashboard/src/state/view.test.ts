import { describe, expect, it } from "vitest";
import { HOSTILE_NAMES } from "../testing/fake-mesh.ts";
import type { Route } from "./route.ts";
import { DEFAULT_RANGE, fixedRange, lastRange } from "./time-range.ts";
import { formatView, parseView, type View } from "./view.ts";

/** What a browser makes of a URL, `..` included. */
function open(url: string): View {
  return parseView(new URL(url, "http://page.test"));
}

const HOME: View = open("/");

describe("a view", () => {
  it("has defaults for all that the URL does not say, and leaves them out of it", () => {
    expect(HOME).toEqual({
      route: { page: "services" },
      range: DEFAULT_RANGE,
      service: null,
      language: null,
      theme: null,
      minDurationMs: null,
      errorsOnly: false,
      expression: "",
      asTable: false,
      compare: null,
      stepMs: null,
      spanId: null,
    });
    expect(formatView(HOME)).toBe("/");
  });

  it.each<[string, Partial<View>]>([
    ["a quick range", { range: lastRange(21_600_000) }],
    ["a fixed window", { range: fixedRange(1_764_000_000_123, 1_764_000_600_456) }],
    ["service, language and theme", { service: "a b&c", language: "pt-BR", theme: "light" }],
    ["trace filters", { route: { page: "traces" }, minDurationMs: 250, errorsOnly: true }],
    [
      "an expression",
      {
        route: { page: "explore" },
        expression: 'sum by (a) (rate(x{b=~"c|d"}[5m])) > 1 # e&f',
        asTable: true,
        compare: "1w",
        stepMs: 60_000,
      },
    ],
    [
      "a span",
      { route: { page: "trace", traceId: "0af7651916cd43dd" }, spanId: "b7ad6b7169203331" },
    ],
  ])("comes back from its URL with %s", (_, change) => {
    const view = { ...HOME, ...change };
    expect(open(formatView(view))).toEqual(view);
  });

  it.each(HOSTILE_NAMES)("keeps a service called %j in path and filter", (name) => {
    const view: View = { ...HOME, route: { page: "service", service: name }, service: name };
    expect(open(formatView(view))).toEqual(view);
  });

  it.each(["~", "~~x", "~.", "."])("keeps names that look like our escapes: %j", (service) => {
    const route: Route = { page: "service", service };
    expect(open(formatView({ ...HOME, route })).route).toEqual(route);
  });

  it("takes nonsense for absent", () => {
    const view = open("/traces?from=x&to=&lang=de&theme=pink&min=-3&errors=yes&service=");
    expect(view).toEqual({ ...HOME, route: { page: "traces" } });
  });

  it("cuts what is too long to be a name", () => {
    expect(open(`/?service=${"x".repeat(9000)}`).service).toHaveLength(512);
  });
});

describe("a path", () => {
  it.each<[string, Route]>([
    ["/services", { page: "services" }],
    ["/services/", { page: "services" }],
    ["/traces", { page: "traces" }],
    ["/services/a/b", { page: "not-found", path: "/services/a/b" }],
    ["/nothing", { page: "not-found", path: "/nothing" }],
    ["/services/%ff", { page: "not-found", path: "/services/%ff" }],
  ])("%s is its page", (path, route) => {
    expect(open(path).route).toEqual(route);
  });
});
