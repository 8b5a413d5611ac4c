import type { IncomingMessage } from "node:http";
import type { Attributes } from "@opentelemetry/api";
import { redactedQuery } from "./redacted-query.ts";

/** What the conventions ask of a server span at its start. Built for recorded spans only. */
export function serverStartAttributes(
  request: IncomingMessage,
  method: string,
  scheme: "http" | "https",
): Attributes {
  const target = request.url ?? "/";
  const question = target.indexOf("?");
  const path = question < 0 ? target : target.slice(0, question);
  const query = question < 0 ? "" : redactedQuery(target.slice(question + 1));
  const attributes: Attributes = {
    "http.request.method": method,
    "url.scheme": scheme,
    "url.path": path,
    "network.protocol.version": request.httpVersion,
    ...hostAttributes(request.headers.host, scheme),
  };
  if (query !== "") attributes["url.query"] = query;
  if (method === "_OTHER") attributes["http.request.method_original"] = request.method ?? "";
  const agent = request.headers["user-agent"];
  if (agent !== undefined) attributes["user_agent.original"] = agent;
  const peer = request.socket.remoteAddress;
  if (peer !== undefined) {
    attributes["client.address"] = peer;
    attributes["network.peer.address"] = peer;
  }
  return attributes;
}

function hostAttributes(host: string | undefined, scheme: "http" | "https"): Attributes {
  const url = host === undefined ? null : URL.parse(`${scheme}://${host}`);
  if (url === null) return {};
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  return { "server.address": url.hostname, "server.port": port };
}
