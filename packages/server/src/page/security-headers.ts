import type { FastifyInstance } from "fastify";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

/** On every answer; Swagger UI below /docs brings a policy of its own. */
export function registerSecurityHeaders(app: FastifyInstance): void {
  app.addHook("onSend", async (_, reply, payload) => {
    if (!reply.hasHeader("Content-Security-Policy"))
      reply.header("Content-Security-Policy", POLICY);
    reply
      .header("X-Content-Type-Options", "nosniff")
      .header("Referrer-Policy", "no-referrer")
      .header("Cross-Origin-Opener-Policy", "same-origin");
    return payload;
  });
}
