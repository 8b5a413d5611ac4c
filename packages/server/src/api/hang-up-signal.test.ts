import type { TraceStore } from "@avx/store";
import { describe, expect, it, onTestFinished } from "vitest";
import { createBareApp } from "./http-app.ts";
import { registerTraceRoutes } from "./trace-routes.ts";

type Question = (signal: AbortSignal | undefined) => void;

/** Routes over a store whose questions last until their signal fires. */
async function routes(asked: Question): Promise<{ url: string; logged: string[] }> {
  const ask = (signal?: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      asked(signal);
    });
  const traces: TraceStore = {
    append: async () => {},
    search: (_, signal) => ask(signal),
    trace: (_, signal) => ask(signal),
    services: (_, signal) => ask(signal),
  };
  const logged: string[] = [];
  const app = createBareApp((level, message) => logged.push(`${level} ${message}`));
  registerTraceRoutes(app, traces, () => 0);
  onTestFinished(() => app.close());
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), logged };
}

describe("a question whose client goes away", () => {
  it.each([
    ["a search", "/api/avx/traces"],
    ["one trace", `/api/avx/traces/${"a".repeat(32)}`],
  ])("is ended: %s", async (_, path) => {
    let wasAsked: Question = () => {};
    const asked = new Promise<AbortSignal | undefined>((resolve) => {
      wasAsked = resolve;
    });
    const { url, logged } = await routes(wasAsked);
    const client = new AbortController();
    const answer = fetch(url + path, { signal: client.signal });
    answer.catch(() => {});
    const signal = await asked;
    expect(signal?.aborted).toBe(false);
    const ended = new Promise((resolve) => signal?.addEventListener("abort", resolve));
    client.abort();
    await ended;
    expect(signal?.reason).toMatchObject({ code: "query_canceled", status: 499 });
    // Nobody made a mistake.
    expect(logged).toEqual([]);
  });
});
