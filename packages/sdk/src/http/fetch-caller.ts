/** What the runtime tells of the caller of a Web `Request`. */
export interface FetchCaller {
  /** The caller's address; undefined where the runtime does not tell it. */
  address(): string | undefined;
  /** Calls `onGone` when the caller hangs up before it has the whole answer. Gives the stop function. */
  whenGone(onGone: () => void): () => void;
}

/**
 * `beside` is what the runtime hands over with the request. Deno's tells the address and when the
 * answer was delivered, and asking for the signal of a request makes Deno print a warning; Bun's
 * server is asked for the address.
 */
export function fetchCaller(request: Request, beside: unknown): FetchCaller {
  const parts = typeof beside === "object" && beside !== null ? beside : {};
  if ("completed" in parts && parts.completed instanceof Promise) {
    const { completed } = parts;
    return { address: () => addressBeside(request, parts), whenGone: rejectionOf(completed) };
  }
  return {
    address: () => addressBeside(request, parts),
    whenGone: (onGone) => {
      const { signal } = request;
      signal.addEventListener("abort", onGone, { once: true });
      return () => signal.removeEventListener("abort", onGone);
    },
  };
}

function rejectionOf(promise: Promise<unknown>): FetchCaller["whenGone"] {
  return (onGone) => {
    promise.then(undefined, onGone);
    return () => {};
  };
}

function addressBeside(request: Request, beside: object): string | undefined {
  if ("remoteAddr" in beside) return textOf(beside.remoteAddr, "hostname");
  if (!("requestIP" in beside) || typeof beside.requestIP !== "function") return undefined;
  return textOf(beside.requestIP(request), "address");
}

function textOf(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const text: unknown = Reflect.get(value, name);
  return typeof text === "string" ? text : undefined;
}
