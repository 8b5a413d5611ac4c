import type { ClientRequest, IncomingMessage } from "node:http";
import { isExportAgent } from "../export/export-agents.ts";
import { listenTo } from "./channel-listeners.ts";
import type { ClientCall, ClientCalls } from "./client-calls.ts";

/** What became of a request, until its `close` ends it. */
interface Course {
  readonly call: ClientCall;
  response: IncomingMessage | undefined;
  error: unknown;
}

interface RequestMessage {
  readonly request: ClientRequest;
}

/**
 * Observes requests of node:http and node:https, and gives them trace headers; except those that
 * carry telemetry themselves. Gives the stop function. Needs Node 22.12 or later; does nothing before.
 */
export function observeNodeHttpClient(calls: ClientCalls): () => void {
  const underWay = new WeakMap<ClientRequest, Course>();
  // Proof of the `as`: Node documents these messages (diagnostics_channel, HTTP).
  return listenTo({
    "http.client.request.created": (message) => {
      const { request } = message as RequestMessage;
      if ("agent" in request && isExportAgent(request.agent)) return;
      const url = URL.parse(request.path, `${request.protocol}//${request.getHeader("host")}`);
      if (url === null) return;
      const course: Course = {
        call: calls.begin(request.method, url),
        response: undefined,
        error: undefined,
      };
      underWay.set(request, course);
      request.once("close", () => calls.end(course.call, failureOf(course)));
      if (request.headersSent) return;
      calls.addHeaders(course.call, {
        has: (name) => request.hasHeader(name),
        set: (name, value) => request.setHeader(name, value),
      });
    },
    "http.client.response.finish": (message) => {
      const { request, response } = message as RequestMessage & { response: IncomingMessage };
      const course = underWay.get(request);
      if (course === undefined) return;
      course.response = response;
      course.call.status = response.statusCode;
    },
    "http.client.request.error": (message) => {
      const { request, error } = message as RequestMessage & { error: unknown };
      const course = underWay.get(request);
      if (course !== undefined) course.error = error;
    },
  });
}

/** An error; or "aborted", when the request closed without a whole answer. */
function failureOf({ response, error }: Course): unknown {
  if (error !== undefined) return error;
  return response?.complete === true ? undefined : "aborted";
}
