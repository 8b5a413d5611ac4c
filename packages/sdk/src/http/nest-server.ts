import type { Server } from "node:http";
import { All, Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { Telemetry } from "../telemetry.ts";
import { activeSpanContext } from "../tracing/trace-scope.ts";

/** For tests: NestJS on Express, with the routes that they ask for. Decorators are called by hand. */
export async function nestServer(telemetry: Telemetry, onHang: () => void): Promise<Server> {
  class Items {
    one() {
      return { trace: activeSpanContext()?.traceId };
    }

    hang(): Promise<never> {
      onHang();
      return new Promise(() => {});
    }

    fail(): never {
      throw new Error("failed");
    }
  }
  const routed = { one: All("items/:id"), hang: Get("hang"), fail: Get("fail") };
  for (const [name, route] of Object.entries(routed)) {
    route(Items.prototype, name, Object.getOwnPropertyDescriptor(Items.prototype, name)!);
  }
  Controller()(Items);
  class App {}
  Module({ controllers: [Items] })(App);
  const app = await NestFactory.create(App, { logger: false });
  app.use(telemetry.middleware.express());
  await app.init();
  return app.getHttpServer();
}
