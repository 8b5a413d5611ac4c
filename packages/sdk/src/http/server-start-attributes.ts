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

/** Hosts that were seen lately, by scheme and header: a service is called by few names. */
const knownHosts = new Map<string, Attributes>();
/** A caller may invent hosts: beyond this the memory begins anew. */
const MAX_KNOWN_HOSTS = 100;

function hostAttributes(host: string | undefined, scheme: "http" | "https"): Attributes {
  if (host === undefined) return {};
  const origin = `${scheme}://${host}`;
  const known = knownHosts.get(origin);
  if (known !== undefined) return known;
  const url = URL.parse(origin);
  if (url === null) return {};
  const port = url.port === "" ? (scheme === "https" ? 443 : 80) : Number(url.port);
  const attributes = { "server.address": url.hostname, "server.port": port };
  if (knownHosts.size >= MAX_KNOWN_HOSTS) knownHosts.clear();
  knownHosts.set(origin, attributes);
  return attributes;
}
