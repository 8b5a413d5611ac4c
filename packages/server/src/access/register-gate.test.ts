import type { FastifyInstance } from "fastify";
import { beforeAll, describe, expect, it } from "vitest";
import { createTestServer } from "../api/fixtures/test-server.ts";
import { KeyLab } from "./fixtures/key-lab.ts";
import type { Role } from "./roles.ts";
import { declaredAccess, ROUTE_ROLES } from "./route-roles.ts";

interface Route {
  readonly method: string;
  readonly url: string;
}

/** Every route of the main port that a server of one machine has. */
async function routesOf(app: FastifyInstance): Promise<Route[]> {
  await app.ready();
  const lines = app.printRoutes({ commonPrefix: false, includeHooks: false }).split("\n");
  const trail: string[] = [];
  return lines.flatMap((line) => {
    const [, indent = "", path = "", methods = ""] =
      /^([│ ]*)[├└]── (\S*) ?\(?([A-Z, ]*)\)?$/.exec(line) ?? [];
    if (path === "") return [];
    trail.length = indent.length / 4;
    trail.push(path);
    const url = trail.join("").replace(/^\/+/, "/");
    return methods === "" ? [] : methods.split(", ").map((method) => ({ method, url }));
  });
}

describe("the routes of the server", () => {
  const lab = { app: undefined as unknown as FastifyInstance, secrets: new Map<Role, string>() };
  let routes: readonly Route[] = [];

  beforeAll(async () => {
    routes = await routesOf((await createTestServer()).app);
  });

  it("are all declared, and nothing is declared that is no route", () => {
    expect(routes.length).toBeGreaterThan(80);
    const undeclared = routes.filter(({ method, url }) => !declaredAccess(method, url));
    expect(undeclared).toEqual([]);
    const urls = new Set(routes.map(({ url }) => url));
    const ofOthers = ["/favicon.svg", "/metrics"];
    const stale = Object.keys(ROUTE_ROLES).filter((key) => !urls.has(key.replace(/^\w+ /, "")));
    expect(stale.sort()).toEqual([...ofOthers].sort());
  });

  it("answer 401 without a key, and 403 to a key of another role, each of them", async () => {
    const keys = new KeyLab();
    for (const role of ["ingest", "read", "admin"] as const) {
      lab.secrets.set(role, keys.add(role).secret);
    }
    lab.app = (await createTestServer([], { dataDir: keys.dataDir })).app;
    const status = async ({ method, url }: Route, role?: Role): Promise<number> => {
      const authorization = role && `Bearer ${lab.secrets.get(role)}`;
      const headers = authorization ? { authorization } : {};
      const answer = await lab.app.inject({
        // Proof of the `as`: Fastify itself printed the method.
        method: method as "GET",
        url: url.replace(/:\w+/g, "x").replace("*", "x"),
        headers,
        // The stream of anomalies never ends by itself.
        ...(url.endsWith("/stream") && { signal: AbortSignal.timeout(100) }),
      });
      return answer.statusCode;
    };
    const streams = routes.filter(({ url }) => url.endsWith("/stream"));
    for (const route of routes.filter((one) => !streams.includes(one))) {
      const access = declaredAccess(route.method, route.url);
      if (access === "open") continue;
      expect([route, await status(route)]).toEqual([route, 401]);
      if (access !== "ingest") expect([route, await status(route, "ingest")]).toEqual([route, 403]);
      if (access !== "read") expect([route, await status(route, "read")]).toEqual([route, 403]);
      const ofAdmin = await status(route, "admin");
      expect([route, ofAdmin === 401 || ofAdmin === 403]).toEqual([route, false]);
    }
    for (const route of streams) expect(await status(route)).toBe(401);
  });

  it("stay shut where there are none", async () => {
    for (const url of ["/api/v1/unknown", "/-/quit", "/unknown"]) {
      expect((await lab.app.inject({ url })).statusCode).toBe(401);
    }
    expect((await lab.app.inject({ url: "/-/healthy" })).statusCode).toBe(200);
  });

  it("tell a program what is needed, and lead a person to the page that asks", async () => {
    const program = await lab.app.inject({ url: "/api/v1/query?query=1" });
    expect(program.headers["www-authenticate"]).toBe('Bearer realm="AVX Telemetry"');
    expect(program.json()).toMatchObject({ errorType: "unauthorized", code: "unauthorized" });
    const headers = { accept: "text/html,application/xhtml+xml" };
    for (const url of ["/", "/services/cart?range=1h", "/docs"]) {
      const person = await lab.app.inject({ url, headers });
      expect(person.statusCode).toBe(302);
      expect(person.headers.location).toBe(`/login?next=${encodeURIComponent(url)}`);
    }
  });

  it("answer an OTLP sender in its own form", async () => {
    const answer = await lab.app.inject({
      ...{ method: "POST", url: "/v1/metrics", payload: "{}" },
      headers: { "content-type": "application/json" },
    });
    expect([answer.statusCode, answer.json()]).toEqual([
      401,
      { code: 16, message: "an API key is needed" },
    ]);
  });
});

describe("pages of other sites", () => {
  const ask = async (headers: Record<string, string>, method: "GET" | "POST" = "POST") => {
    const { app } = await createTestServer();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const query = { url: "/api/v1/query", payload: "query=1", headers: { ...form, ...headers } };
    const url = `${query.url}?${query.payload}`;
    const answer = await app.inject(
      method === "GET" ? { method, url, headers } : { ...query, method },
    );
    return answer.statusCode;
  };

  it("reach nothing by a name that they let point here", async () => {
    expect(await ask({ host: "evil.example:8600" }, "GET")).toBe(421);
    expect(await ask({ host: "localhost:8600" }, "GET")).toBe(200);
  });

  it.each([
    [{ "sec-fetch-site": "cross-site" }, 403],
    [{ "sec-fetch-site": "same-site" }, 403],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "http://localhost:80", host: "localhost:8600" }, 403],
    [{ origin: "http://localhost:8600", host: "localhost:8600" }, 200],
    [{ "sec-fetch-site": "same-origin" }, 200],
    [{ "sec-fetch-site": "same-origin", origin: "null" }, 200],
    [{ "sec-fetch-site": "none", origin: "null" }, 403],
    [{}, 200],
  ])("may not send what changes something: %j is %i", async (headers, status) => {
    expect(await ask(headers as Record<string, string>)).toBe(status);
  });
});
