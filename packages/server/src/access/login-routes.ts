import { AvxError } from "@avx/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errorReply } from "../error-status.ts";
import type { Log } from "../self/log.ts";
import type { Gate } from "./gate.ts";
import { LOGIN_POLICY, loginPage } from "./login-page.ts";
import { type LoginError, loginTexts } from "./login-texts.ts";
import { sessionCookie } from "./sessions.ts";

/** What signing in needs. */
export interface LoginPorts {
  readonly gate: Gate;
  readonly log: Log;
  /** Whether the port speaks TLS: the cookie then never travels without. */
  readonly isSecure: boolean;
}

/** A key and a path. */
const MAX_FORM_BYTES = 4096;
const MAX_NEXT_CHARACTERS = 2000;

/** `/login` and `/logout`: how a browser shows a key. */
export function registerLoginRoutes(app: FastifyInstance, ports: LoginPorts): void {
  const { gate, log, isSecure } = ports;
  app.get("/login", async (request, reply) => {
    if (gate.isOpen) return reply.redirect("/");
    return show(reply, { request, gate, next: nextOf(new URLSearchParams(queryOf(request))) });
  });
  app.post("/login", { bodyLimit: MAX_FORM_BYTES }, async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const next = nextOf(form);
    try {
      const { token, caller } = gate.signIn(form.get("key")?.trim() ?? "", request.ip);
      log("info", "audit", { action: "sign in", ...caller, from: request.ip });
      return reply.header("Set-Cookie", sessionCookie(token, isSecure)).redirect(next, 303);
    } catch (error) {
      const { status, retryAfterSeconds } = errorReply(error);
      log("warn", "audit", { action: "sign in refused", status, from: request.ip });
      if (retryAfterSeconds !== undefined) reply.header("Retry-After", retryAfterSeconds);
      return show(reply.code(status), { request, gate, next, error: reasonOf(error) });
    }
  });
  app.post("/logout", async (request, reply) => {
    gate.signOut(request.headers.cookie ?? "");
    return reply.header("Set-Cookie", sessionCookie("", isSecure)).redirect("/login", 303);
  });
}

interface Shown {
  readonly request: FastifyRequest;
  readonly gate: Gate;
  readonly next: string;
  readonly error?: LoginError;
}

function show(reply: FastifyReply, { request, gate, next, error }: Shown): FastifyReply {
  const { cookie = "", "accept-language": language = "" } = request.headers;
  const caller = gate.signedIn(cookie);
  const html = loginPage({ texts: loginTexts(language), next, error, caller });
  return reply
    .header("Content-Security-Policy", LOGIN_POLICY)
    .header("Cache-Control", "no-store")
    .type("text/html; charset=utf-8")
    .send(html);
}

function reasonOf(error: unknown): LoginError {
  const code = error instanceof AvxError ? error.code : "internal";
  if (code === "too_many_attempts") return "attempts";
  return code === "forbidden" ? "role" : "unknown";
}

function queryOf({ url }: FastifyRequest): string {
  return url.includes("?") ? url.slice(url.indexOf("?") + 1) : "";
}

/** A path of this server and of no other, however a browser reads it. */
function nextOf(fields: URLSearchParams): string {
  const next = fields.get("next") ?? "";
  const isOwnPath = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(next);
  return isOwnPath && next.length <= MAX_NEXT_CHARACTERS ? next : "/";
}
