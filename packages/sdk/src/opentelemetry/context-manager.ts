import { EventEmitter } from "node:events";
import { type Context, type ContextManager, ROOT_CONTEXT } from "@opentelemetry/api";
import { activeContext, runIn } from "../tracing/trace-scope.ts";

/** Lets `@opentelemetry/api` use the SDK's own store, so that both see the same active span. */
export class AvxContextManager implements ContextManager {
  #isEnabled = false;

  active(): Context {
    return this.#isEnabled ? activeContext() : ROOT_CONTEXT;
  }

  // biome-ignore lint/complexity/useMaxParams: the signature is the API's
  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...parameters: A
  ): ReturnType<F> {
    return runIn(context, () => work.apply(self, parameters));
  }

  /** A function that runs in `context` whenever it is called; anything else is given back. */
  bind<T>(context: Context, target: T): T {
    if (target instanceof EventEmitter || typeof target !== "function") return target;
    const bound = function (this: unknown, ...parameters: unknown[]): unknown {
      return runIn(context, () => target.apply(this, parameters));
    };
    Object.defineProperty(bound, "length", { value: target.length });
    // Proof of the `as`: called like `target`, it does what `target` does.
    return bound as T;
  }

  enable(): this {
    this.#isEnabled = true;
    return this;
  }

  disable(): this {
    this.#isEnabled = false;
    return this;
  }
}
