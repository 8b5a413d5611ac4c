import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, it } from "vitest";
import { createTestServer } from "../api/fixtures/test-server.ts";
import { KeyLab } from "./fixtures/key-lab.ts";
import { sessionCookie } from "./sessions.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

describe("signing in", () => {
  let app: FastifyInstance;
  let keys: KeyLab;
  const signIn = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
    app.inject({
      ...{ method: "POST", url: "/login", headers: { ...FORM, ...headers } },
      payload: new URLSearchParams(fields).toString(),
    });

  beforeEach(async () => {
    keys = new KeyLab();
    keys.add("admin");
  });

  const start = async (): Promise<void> => {
    app = (await createTestServer([], { dataDir: keys.dataDir })).app;
  };

  it("gives a session that opens the API, until it is signed out", async () => {
    const { secret } = keys.add("read");
    await start();
    const answer = await signIn({ key: ` ${secret} `, next: "/explore?q=up" });
    expect([answer.statusCode, answer.headers.location]).toEqual([303, "/explore?q=up"]);
    const setCookie = String(answer.headers["set-cookie"]);
    expect(setCookie).toMatch(
      /^avx_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    const cookie = setCookie.split(";")[0] ?? "";
    const ask = (url: string, method: "GET" | "POST" = "GET") =>
      app.inject({ method, url, headers: { cookie } });
    expect((await ask("/api/v1/query?query=1")).statusCode).toBe(200);
    expect((await ask("/-/reload", "POST")).statusCode).toBe(403);
    expect((await ask("/login")).body).toContain("a read");
    const out = await ask("/logout", "POST");
    expect(out.headers["set-cookie"]).toContain("Max-Age=0");
    expect((await ask("/api/v1/query?query=1")).statusCode).toBe(401);
  });

  it("keeps the cookie from plain connections where there is TLS", () => {
    expect(sessionCookie("t", true)).toMatch(/; Secure$/);
    expect(sessionCookie("t", false)).not.toContain("Secure");
  });

  it("says in the person's language what was wrong", async () => {
    const { secret } = keys.add("ingest");
    await start();
    const wrong = await signIn({ key: "avx_wrong" });
    expect([wrong.statusCode, wrong.headers["set-cookie"]]).toEqual([401, undefined]);
    expect(wrong.body).toContain("not known or has expired");
    const role = await signIn({ key: secret }, { "accept-language": "pt-BR,pt;q=0.9,en;q=0.8" });
    expect(role.statusCode).toBe(403);
    expect(role.body).toContain("só pode enviar telemetria");
    for (let i = 0; i < 19; i++) await signIn({ key: "avx_wrong" });
    const many = await signIn({ key: "avx_wrong" });
    expect([many.statusCode, many.headers["retry-after"]]).toEqual([429, "60"]);
    expect(many.body).toContain("Too many wrong keys");
  });

  it.each(["//evil.example", "/\\evil.example", "https://evil.example", "/a\nb", "javascript:1"])(
    "leads to no other place: %j",
    async (next) => {
      const { secret } = keys.add("read");
      await start();
      expect((await signIn({ key: secret, next })).headers.location).toBe("/");
    },
  );

  it("shows a page that runs no script and carries nothing into its markup", async () => {
    await start();
    const hostile = `/"><script>alert(1)</script>`;
    const { body, headers } = await app.inject({
      url: `/login?next=${encodeURIComponent(hostile)}`,
    });
    expect(body).not.toContain("<script");
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers["cache-control"]).toBe("no-store");
    expect(body.length).toBeLessThan(3000);
  });

  it("is not needed without keys", async () => {
    app = (await createTestServer()).app;
    const answer = await app.inject({ url: "/login" });
    expect([answer.statusCode, answer.headers.location]).toEqual([302, "/"]);
  });
});
