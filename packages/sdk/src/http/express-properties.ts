import type { IncomingMessage } from "node:http";
import { nodeHttp } from "../lazy-builtins.ts";
import { trackExpressRoute } from "./express-route.ts";
import type { ServerObservation } from "./server-observation.ts";

/** What Express's router writes on a request while it routes. */
const PROPERTIES = ["baseUrl", "route"] as const;

/**
 * Notices that a request is routed by Express when its router first writes `baseUrl` or `route`,
 * and follows the route from there. The accessors sit on the prototype of all requests, so that
 * requests of other servers cost nothing; a write to a request that is not observed makes the plain
 * property that it would have made without them. Gives the function that takes them away.
 */
export function followExpressRoutes(
  observationOf: (request: IncomingMessage) => ServerObservation | undefined,
): () => void {
  const { prototype } = nodeHttp().IncomingMessage;
  const free = PROPERTIES.filter((property) => !(property in prototype));
  for (const property of free) {
    Object.defineProperty(prototype, property, {
      configurable: true,
      enumerable: false,
      get: () => undefined,
      set(this: IncomingMessage, value: unknown) {
        const observation = observationOf(this);
        if (observation === undefined) setOwn(this, property, value);
        else {
          trackExpressRoute(this, observation);
          Reflect.set(this, property, value);
        }
      },
    });
  }
  return () => {
    for (const property of free) Reflect.deleteProperty(prototype, property);
  };
}

function setOwn(request: IncomingMessage, property: string, value: unknown): void {
  const plain = { configurable: true, enumerable: true, writable: true, value };
  Object.defineProperty(request, property, plain);
}
