import type { IncomingMessage } from "node:http";
import { nodeHttp } from "../lazy-builtins.ts";
import { ExpressRouting, type RoutedRequest } from "./express-route.ts";

/** Where a request keeps what Express's router has written on it; one for all copies of the SDK. */
const ROUTING = Symbol.for("avx.express.routing");

interface ExpressRequest extends IncomingMessage, RoutedRequest {
  [ROUTING]?: ExpressRouting;
  baseUrl?: string | undefined;
}

/**
 * What Express's router writes on a request while it routes. Both accessors sit on the prototype of
 * all requests: properties defined on each request would cost it more than all of Express does.
 */
const ACCESSORS: PropertyDescriptorMap & ThisType<ExpressRequest> = {
  baseUrl: {
    configurable: true,
    get() {
      return this[ROUTING]?.baseUrl;
    },
    set(value: string | undefined) {
      routingOf(this).setBaseUrl(value, this);
    },
  },
  route: {
    configurable: true,
    get() {
      return this[ROUTING]?.route;
    },
    set(value: ExpressRouting["route"]) {
      routingOf(this).setRoute(value);
    },
  },
};

let isFollowing = false;

function routingOf(request: ExpressRequest): ExpressRouting {
  const present = request[ROUTING];
  if (present !== undefined) return present;
  const made = new ExpressRouting();
  request[ROUTING] = made;
  return made;
}

/**
 * From now on notices what Express writes on requests; those that other frameworks leave alone cost
 * nothing. It stays for the life of the process: a request under way has its routing nowhere else.
 */
export function followExpressRoutes(): void {
  if (isFollowing) return;
  isFollowing = true;
  const { prototype } = nodeHttp().IncomingMessage;
  if (!("baseUrl" in prototype || "route" in prototype)) {
    Object.defineProperties(prototype, ACCESSORS);
  }
}

/** Follows one request that Express routes, though it had begun before, or is of another prototype. */
export function followExpressRequest(request: ExpressRequest): void {
  if (request[ROUTING] !== undefined) return;
  const { baseUrl } = request;
  Object.defineProperties(request, ACCESSORS);
  request.baseUrl = baseUrl;
}

/** The full template of the route that Express has matched last, if it has. */
export function expressRoute(request: ExpressRequest): string | undefined {
  return request[ROUTING]?.template;
}
