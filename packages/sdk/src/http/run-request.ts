import type { IncomingMessage } from "node:http";
import type { Context } from "@opentelemetry/api";
import { enterContext, runIn } from "../tracing/trace-scope.ts";
import { serverOf } from "./open-connections.ts";

/**
 * Runs what answers a request in its context. A request from a socket is an event of its own: the
 * context ends with it, and need not be taken back, which would cost as much as entering. A test
 * that injects a request goes on in its own context.
 */
export function runRequest<T>(request: IncomingMessage, context: Context, work: () => T): T {
  if (serverOf(request) === undefined) return runIn(context, work);
  enterContext(context);
  return work();
}
