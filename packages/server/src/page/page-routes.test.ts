import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerPage } from "./page-routes.ts";
import { registerSecurityHeaders } from "./security-headers.ts";
import { loadStaticFiles } from "./static-files.ts";

describe("the page", () => {
  const directory = mkdtempSync(join(tmpdir(), "avx-page-"));
  const app = fastify();

  beforeAll(() => {
    mkdirSync(join(directory, "assets"));
    writeFileSync(join(directory, "index.html"), "<!doctype html><title>page</title>");
    writeFileSync(join(directory, "assets", "index-AbCd1234.js"), "export {};");
    writeFileSync(join(directory, "secret.key"), "no content type, never served");
    registerSecurityHeaders(app);
    registerPage(app, loadStaticFiles(directory));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: "GET", url, headers });

  it("answers every page path with the page itself", async () => {
    for (const path of ["/", "/services/cart", "/traces/abc", "/unknown"]) {
      const answer = await get(path);
      expect([answer.statusCode, answer.body]).toEqual([200, "<!doctype html><title>page</title>"]);
      expect(answer.headers["cache-control"]).toBe("no-cache");
    }
  });

  it("keeps hashed files for a year, compresses, and answers 304 to what is known", async () => {
    const answer = await get("/assets/index-AbCd1234.js", { "accept-encoding": "gzip" });
    expect(answer.headers["cache-control"]).toContain("immutable");
    expect(gunzipSync(answer.rawPayload).toString()).toBe("export {};");
    const again = await get("/assets/index-AbCd1234.js", {
      "if-none-match": String(answer.headers.etag),
    });
    expect(again.statusCode).toBe(304);
  });

  it.each(["/api/avx/unknown", "/assets/unknown.js", "/v1/unknown"])(
    "answers 404 as JSON below %s",
    async (path) => {
      const answer = await get(path);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ status: "error", code: "not_found" });
    },
  );

  it("serves nothing but what it read at start, whatever the path", async () => {
    for (const path of [
      "/secret.key",
      "/../secret.key",
      "/assets/..%2f..%2fsecret.key",
      "/%2e%2e/secret.key",
    ]) {
      expect((await get(path)).body).not.toContain("never served");
    }
  });

  it("forbids inline code, framing and sniffing on every answer", async () => {
    for (const path of ["/", "/api/avx/unknown"]) {
      const { headers } = await get(path);
      expect(headers["content-security-policy"]).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; " +
          "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
      );
      expect(headers["x-content-type-options"]).toBe("nosniff");
    }
  });

  it("says how to build itself when it is not built", async () => {
    const bare = fastify();
    registerPage(bare, loadStaticFiles(join(directory, "absent")));
    const answer = await bare.inject({ url: "/" });
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain("npm run build");
  });
});
