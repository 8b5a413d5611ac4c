import { AvxError, type Telemetry } from "@avx/sdk";
import type { FastifyInstance } from "fastify";
import type { CoreWork } from "./core-work.ts";
import type { SlowSpell } from "./slow-spell.ts";

/** Items are numbered 1 to this; others do not exist. */
const ITEMS = 500;
const READ_ITEM = { medianMs: 8, spread: 0.45 };
const LIST_ORDERS = { medianMs: 18, spread: 0.5 };
const PLACE_ORDER = { medianMs: 30, spread: 0.55 };
/** Orders that are remembered for the list; older ones are forgotten. */
const MAX_ORDERS = 50;

interface Order {
  readonly id: number;
  readonly item: number;
  readonly quantity: number;
}

/** What the core routes work with. */
export interface CoreRouteOptions {
  readonly telemetry: Telemetry;
  readonly work: CoreWork;
  readonly slowSpell: SlowSpell;
}

const failQuery = {
  type: "object",
  properties: { fail: { type: "boolean", description: "Answer 500 after the work." } },
} as const;

/** `/core/ping`, `/core/status`, and items and orders that behave like a real service's. */
export function registerCoreRoutes(app: FastifyInstance, options: CoreRouteOptions): void {
  const { telemetry, slowSpell } = options;
  app.get("/core/ping", { schema: { tags: ["core"], summary: "Answers at once" } }, () => ({
    pong: true,
    service: telemetry.serviceName,
  }));
  app.get("/core/status", { schema: { tags: ["core"], summary: "State of the service" } }, () => ({
    status: slowSpell.untilMs === undefined ? "ok" : "slow",
    service: telemetry.serviceName,
    context: telemetry.context,
    uptime_seconds: process.uptime(),
    slow_until: isoOrNull(slowSpell.untilMs),
  }));
  registerItems(app, options);
  registerOrders(app, options);
}

function registerItems(app: FastifyInstance, { work }: CoreRouteOptions): void {
  const schema = {
    tags: ["core"],
    summary: "One item",
    params: {
      type: "object",
      required: ["id"],
      properties: { id: { type: "integer", minimum: 1 } },
    },
    querystring: failQuery,
  };
  app.get<{ Params: { id: number }; Querystring: { fail?: boolean } }>(
    "/core/items/:id",
    { schema },
    async (request) => {
      const { id } = request.params;
      await work.run("read item", READ_ITEM, request.query.fail ?? false);
      if (id > ITEMS) throw new AvxError("not_found", { what: `item ${id}` });
      return { id, name: `item ${id}`, price_cents: 100 + ((id * 7919) % 9900) };
    },
  );
}

function registerOrders(app: FastifyInstance, { work, telemetry }: CoreRouteOptions): void {
  const orders: Order[] = [];
  let lastId = 0;
  const placed = telemetry.metrics.createCounter("avx.orders.placed", {
    description: "Orders placed.",
    unit: "{order}",
  });
  const listSchema = { tags: ["core"], summary: "The latest orders", querystring: failQuery };
  app.get<{ Querystring: { fail?: boolean } }>(
    "/core/orders",
    { schema: listSchema },
    async (request) => {
      await work.run("list orders", LIST_ORDERS, request.query.fail ?? false);
      return { orders };
    },
  );
  const placeSchema = {
    tags: ["core"],
    summary: "Places an order",
    querystring: failQuery,
    body: {
      type: "object",
      required: ["item", "quantity"],
      properties: {
        item: { type: "integer", minimum: 1, maximum: ITEMS },
        quantity: { type: "integer", minimum: 1, maximum: 100 },
      },
    },
  };
  app.post<{ Body: { item: number; quantity: number }; Querystring: { fail?: boolean } }>(
    "/core/orders",
    { schema: placeSchema },
    async (request, reply) => {
      const { item, quantity } = request.body;
      await work.run("place order", PLACE_ORDER, request.query.fail ?? false);
      lastId++;
      const order = { id: lastId, item, quantity };
      orders.unshift(order);
      orders.length = Math.min(orders.length, MAX_ORDERS);
      placed.add(1);
      return reply.code(201).send(order);
    },
  );
}

function isoOrNull(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}
