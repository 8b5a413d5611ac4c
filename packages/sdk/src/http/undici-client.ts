import { listenTo } from "./channel-listeners.ts";
import type { ClientCall, ClientCalls } from "./client-calls.ts";

/** What undici publishes of a request, in undici 6 to 8 and in Node's own fetch. */
interface UndiciRequest {
  readonly origin: string | URL;
  readonly method: string;
  readonly path: string;
  /** Names and values alternating. */
  readonly headers: readonly unknown[];
  addHeader(name: string, value: string): unknown;
}

interface RequestMessage {
  readonly request: UndiciRequest;
}

interface HeadersMessage extends RequestMessage {
  readonly response: { readonly statusCode: number };
}

interface ErrorMessage extends RequestMessage {
  readonly error: unknown;
}

/** Observes `fetch` and undici, and gives their requests trace headers. Gives the stop function. */
export function observeUndici(calls: ClientCalls): () => void {
  const underWay = new WeakMap<UndiciRequest, ClientCall>();
  const end = (request: UndiciRequest, failure?: unknown): void => {
    const call = underWay.get(request);
    if (call === undefined) return;
    underWay.delete(request);
    calls.end(call, failure);
  };
  // Proof of the `as`: undici documents these messages (docs/api/DiagnosticsChannel.md).
  return listenTo({
    "undici:request:create": (message) => {
      const { request } = message as RequestMessage;
      const url = URL.parse(request.path, request.origin.toString());
      if (url === null) return;
      const call = calls.begin(request.method, url);
      underWay.set(request, call);
      calls.addHeaders(call, {
        has: (name) => hasHeader(request.headers, name),
        set: (name, value) => request.addHeader(name, value),
      });
    },
    "undici:request:headers": (message) => {
      const { request, response } = message as HeadersMessage;
      const call = underWay.get(request);
      if (call !== undefined) call.status = response.statusCode;
    },
    "undici:request:trailers": (message) => end((message as RequestMessage).request),
    "undici:request:error": (message) => {
      const { request, error } = message as ErrorMessage;
      end(request, error ?? "error");
    },
  });
}

function hasHeader(headers: readonly unknown[], name: string): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    if (String(headers[i]).toLowerCase() === name) return true;
  }
  return false;
}
