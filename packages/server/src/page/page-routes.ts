import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { StaticFile } from "./static-files.ts";

/** What belongs to programs: an unknown path below it is a 404, not the page. */
const API_PREFIXES = ["/api/", "/v1/", "/-/", "/docs", "/metrics", "/federate", "/assets/"];

const NOT_BUILT =
  "<!doctype html><html lang=en><title>AVX Telemetry</title><h1>The page is not built</h1>" +
  "<p>Run <code>npm run build</code>, then start the server again. The API works without it.</p>";

/** Serves the built page; every path that is not the API's answers with the page itself. */
export function registerPage(app: FastifyInstance, files: ReadonlyMap<string, StaticFile>): void {
  const index = files.get("/index.html");
  for (const [path, file] of files) {
    if (path !== "/index.html") app.get(path, async (request, reply) => send(request, reply, file));
  }
  app.get("/", async (request, reply) => sendIndex(request, reply, index));
  app.setNotFoundHandler((request, reply) => {
    if (isPagePath(request)) return sendIndex(request, reply, index);
    return reply
      .code(404)
      .send({ status: "error", errorType: "not_found", error: "no such path", code: "not_found" });
  });
}

function isPagePath({ method, url }: FastifyRequest): boolean {
  return (
    (method === "GET" || method === "HEAD") &&
    !API_PREFIXES.some((prefix) => url.startsWith(prefix))
  );
}

function sendIndex(
  request: FastifyRequest,
  reply: FastifyReply,
  index: StaticFile | undefined,
): FastifyReply {
  if (index !== undefined) return send(request, reply, index);
  return reply.code(503).type("text/html; charset=utf-8").send(NOT_BUILT);
}

function send(request: FastifyRequest, reply: FastifyReply, file: StaticFile): FastifyReply {
  reply
    .header("ETag", file.etag)
    .header("Vary", "Accept-Encoding")
    .header("Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
  if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
  reply.type(file.contentType);
  const gzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  return gzip ? reply.header("Content-Encoding", "gzip").send(file.gzip) : reply.send(file.body);
}
