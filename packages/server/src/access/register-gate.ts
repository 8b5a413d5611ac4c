import { AvxError } from "@avx/model";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../self/log.ts";
import { type HostTest, hostTest } from "./allowed-hosts.ts";
import { demand, type Gate } from "./gate.ts";
import type { Caller, RouteAccess } from "./roles.ts";
import { declaredAccess } from "./route-roles.ts";

/** What the door of a port needs to know. */
export interface GatePorts {
  readonly gate: Gate;
  readonly log: Log;
  /** Where this port listens. */
  readonly listenHost: string;
  readonly allowedHosts: readonly string[];
}

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Puts the gate before every route of a port, those that do not exist included: known host, no page
 * of another site, and a key of the route's role. Register it before the routes.
 */
export function registerGate(app: FastifyInstance, ports: GatePorts): void {
  const { gate, log } = ports;
  const isOwnHost = hostTest(ports.listenHost, ports.allowedHosts);
  const callers = new WeakMap<FastifyRequest, Caller>();
  app.addHook("onRequest", (request, reply, done) => {
    try {
      refuseForeignHost(request, isOwnHost);
      refuseForeignPage(request);
      const access = accessOf(request);
      if (access !== "open" && !gate.isOpen) {
        const caller = gate.identify(credentialsOf(request));
        if (caller) callers.set(request, caller);
        demand(caller, access);
      }
      done();
    } catch (error) {
      refuse({ request, reply, error, done });
    }
  });
  app.addHook("onResponse", (request, reply, done) => {
    if (accessOf(request) === "admin" && request.routeOptions.url !== undefined) {
      const { keyId = "", name = "" } = callers.get(request) ?? {};
      const facts = { method: request.method, path: request.url, status: reply.statusCode };
      log("info", "audit", { ...facts, key: keyId, name, from: request.ip });
    }
    done();
  });
}

/** What does not exist tells nothing to those without a key. */
function accessOf({ method, routeOptions }: FastifyRequest): RouteAccess {
  if (routeOptions.url === undefined) return "read";
  return declaredAccess(method, routeOptions.url) ?? "admin";
}

function credentialsOf({ headers, ip }: FastifyRequest) {
  const { authorization = "", cookie = "" } = headers;
  return { authorization, cookie, address: ip };
}

function refuseForeignHost({ headers }: FastifyRequest, isOwnHost: HostTest): void {
  if (!isOwnHost(headers.host)) throw new AvxError("wrong_host", { host: headers.host ?? "" });
}

/** Browsers say where a request comes from; what changes something must come from our own page. */
function refuseForeignPage({ method, headers }: FastifyRequest): void {
  if (READING.has(method)) return;
  const { origin, "sec-fetch-site": site } = headers;
  // No page can forge it; the origin is "null" in forms of a page that sends no referrer.
  if (site === "same-origin") return;
  const isOwnOrigin = origin === undefined || hostOf(origin) === headers.host;
  if ((site === undefined || site === "none") && isOwnOrigin) return;
  throw new AvxError("forbidden", { reason: "pages of other sites may not do this" });
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

interface Refusal {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly error: unknown;
  readonly done: (error: Error) => void;
}

/** A person is led to the page that asks for the key; a program gets the error. */
function refuse({ request, reply, error, done }: Refusal): void {
  if (error instanceof AvxError && error.code === "unauthorized") {
    if (isNavigation(request)) {
      reply.redirect(`/login?next=${encodeURIComponent(request.url)}`);
      return;
    }
    reply.header("WWW-Authenticate", 'Bearer realm="AVX Telemetry"');
  }
  done(error instanceof Error ? error : new Error(String(error)));
}

function isNavigation({ method, headers }: FastifyRequest): boolean {
  return method === "GET" && (headers.accept ?? "").includes("text/html");
}
