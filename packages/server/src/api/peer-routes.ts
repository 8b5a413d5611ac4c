import { labelsKey, type Matcher, type TimeRange } from "@avx/model";
import { compileMatcher } from "@avx/promql";
import type { OwnPart } from "@avx/store";
import { encodeWriteRequest, snappyEncode, type WriteRequestContent } from "@avx/wire";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type AdminPorts, checkAdmin } from "./admin-routes.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import { jsonFields } from "./json-fields.ts";
import { invalid } from "./parameters.ts";

/** Blocks of two hours go into the cluster an hour after their end: two of them may be here alone. */
const RECENT_MS = 5 * 3_600_000;
const OPERATORS: readonly string[] = ["=", "!=", "=~", "!~"];
/** As many as a query of the label browser may have. */
const MAX_SELECTORS = 64;
const MAX_MATCHERS = 100;

/** What the peers of a cluster are answered from. */
export interface PeerPorts {
  /** What this server has itself; undefined: the store is no cluster and there are no such routes. */
  readonly own: OwnPart | undefined;
  readonly nowMs: () => number;
}

/** `/api/avx/peer/...`: for the other servers in front of the same ClickHouse cluster. */
export function registerPeerRoutes(
  app: FastifyInstance,
  { own, config, nowMs }: PeerPorts & Pick<AdminPorts, "config">,
): void {
  if (own === undefined) return;
  const { metrics } = own;
  app.post("/api/avx/peer/select", async (request, reply) => {
    const { selectors, range } = questionOf(request);
    const startMs = Math.max(range.startMs, nowMs() - RECENT_MS);
    const series =
      startMs > range.endMs
        ? []
        : await metrics.select(selectors[0] ?? [], { ...range, startMs }, hangUpSignal(reply));
    return sendPacked(reply, { series });
  });
  app.post("/api/avx/peer/series", async (request) => {
    const { selectors, range } = questionOf(request);
    return { series: await metrics.series(selectors, range) };
  });
  app.post("/api/avx/peer/metadata", async (_, reply) => {
    return sendPacked(reply, { metadata: [...(await metrics.metadata()).values()].flat() });
  });
  app.post("/api/avx/peer/exemplars", async (request, reply) => {
    const { selectors, range } = questionOf(request);
    const exemplars = await metrics.exemplars(selectors, range);
    // One after the other: each series of exemplars needs an entry, though without samples.
    const byKey = new Map(exemplars.map(({ seriesLabels: one }) => [labelsKey(one), one]));
    const series = Array.from(byKey.values(), (labels) => ({ labels, ...NO_SAMPLES }));
    return sendPacked(reply, { series, exemplars });
  });
  app.post("/api/avx/peer/delete-series", async (request) => {
    checkAdmin(request, config);
    const { selectors, range } = questionOf(request);
    await own.deleteSeries(selectors, range);
    return { writer: own.writer };
  });
}

const NO_SAMPLES = { timestampsMs: new Float64Array(0), values: new Float64Array(0) };

function sendPacked(reply: FastifyReply, content: Partial<WriteRequestContent>): FastifyReply {
  const bytes = encodeWriteRequest({ series: [], metadata: [], exemplars: [], ...content });
  return reply.type("application/x-protobuf").send(Buffer.from(snappyEncode(bytes)));
}

function questionOf({ body }: FastifyRequest): { selectors: Matcher[][]; range: TimeRange } {
  const fields = jsonFields(body, ["selectors", "range"]);
  const { startMs, endMs } = jsonFields(fields["range"], ["startMs", "endMs"]);
  if (typeof startMs !== "number" || typeof endMs !== "number") {
    throw invalid("range", "must have startMs and endMs");
  }
  const { selectors } = fields;
  if (!Array.isArray(selectors) || selectors.length > MAX_SELECTORS) {
    throw invalid("selectors", `must be a list of at most ${MAX_SELECTORS}`);
  }
  return { selectors: selectors.map(matchersOf), range: { startMs, endMs } };
}

function matchersOf(selector: unknown): Matcher[] {
  if (!Array.isArray(selector) || selector.length > MAX_MATCHERS) {
    throw invalid("selectors", `each must be a list of at most ${MAX_MATCHERS} matchers`);
  }
  return selector.map((one: unknown) => {
    const { name, op, value } = jsonFields(one, ["name", "op", "value"]);
    const isOperator = typeof op === "string" && OPERATORS.includes(op);
    if (typeof name !== "string" || typeof value !== "string" || !isOperator) {
      throw invalid("selectors", "a matcher has name, op and value");
    }
    // Proof of the `as`: it is one of OPERATORS.
    const matcher = { name, op: op as Matcher["op"], value };
    compileMatcher(matcher); // Throws on a regular expression that is none.
    return matcher;
  });
}
