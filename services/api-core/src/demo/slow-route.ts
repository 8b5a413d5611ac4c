import type { Telemetry } from "@avx/sdk";
import type { FastifyInstance } from "fastify";
import type { SlowSpell } from "./slow-spell.ts";

const MAX_EXTRA_MS = 10_000;
const MAX_SPELL_SECONDS = 3600;

/** `POST /core/slow?ms=400&for=60`: every core request takes longer, to show detection at work. */
export function registerSlowRoute(
  app: FastifyInstance,
  slowSpell: SlowSpell,
  telemetry: Telemetry,
): void {
  const schema = {
    tags: ["demo"],
    summary: "Begins a slow spell; ms=0 ends one",
    querystring: {
      type: "object",
      properties: {
        ms: { type: "integer", minimum: 0, maximum: MAX_EXTRA_MS, default: 400 },
        for: { type: "integer", minimum: 0, maximum: MAX_SPELL_SECONDS, default: 60 },
      },
    },
  };
  app.post<{ Querystring: { ms: number; for: number } }>("/core/slow", { schema }, (request) => {
    const { ms, for: seconds } = request.query;
    const untilMs = slowSpell.begin(ms, seconds * 1000);
    telemetry.log.warn("slow spell", { extra_ms: ms, seconds });
    return {
      status: ms > 0 && seconds > 0 ? "slow" : "ok",
      extra_ms: ms,
      until: new Date(untilMs).toISOString(),
    };
  });
}
