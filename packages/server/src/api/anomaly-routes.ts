import { randomUUID } from "node:crypto";
import { AvxError } from "@avx/model";
import type { QueryEngine } from "@avx/promql";
import type { FastifyInstance } from "fastify";
import type { AnomalyDesk } from "../anomalies/anomaly-desk.ts";
import type { AnomalyJournal } from "../anomalies/anomaly-journal.ts";
import { anomalyRibbons } from "../anomalies/anomaly-ribbon.ts";
import type {
  AnomaliesAnswer,
  AnomalyFeedbackAnswer,
  AnomalyMute,
  AnomalyMutesAnswer,
  AnomalyRibbonsAnswer,
  AnomalySignal,
  AnomalyUnmuteAnswer,
  HeldAnomaliesAnswer,
  OperationEvent,
  OperationEventsAnswer,
} from "../contract.ts";
import { createAnomalyStream } from "./anomaly-stream.ts";
import { avxRange } from "./avx-routes.ts";
import { hangUpSignal } from "./hang-up-signal.ts";
import { jsonFields, oneOfField, textField } from "./json-fields.ts";
import { integerParameter, invalid, requestParameters, timeParameterMs } from "./parameters.ts";

/** What the routes of anomalies ask. */
export interface AnomalyRoutePorts {
  readonly desk: AnomalyDesk;
  readonly anomalies: AnomalyJournal;
  readonly engine: QueryEngine;
  readonly nowMs: () => number;
}

const MAX_ANOMALIES = 1000;
const MAX_TEXT_CHARACTERS = 500;
/** A cell is at least some pixels wide, and a day of minutes is the most that is worth asking for. */
const RIBBON_CELLS = { min: 1, max: 1440, fallback: 60 };
/** A mute without a real end is forgotten, and the signal with it. */
const MAX_MUTE_MS = 30 * 86_400_000;
const LEAST_MUTE_MS = 60_000;
const SIGNALS: readonly AnomalySignal[] = ["latency", "traffic", "errors", "saturation", "metric"];

/** `/api/avx/anomalies`, feedback on one, `/api/avx/mutes` and `/api/avx/events`. */
export function registerAnomalyRoutes(app: FastifyInstance, ports: AnomalyRoutePorts): void {
  app.get("/api/avx/anomalies", async (request): Promise<AnomaliesAnswer> => {
    return ports.desk.explained(search(requestParameters(request), ports.nowMs()));
  });

  app.post<{ Params: { id: string } }>(
    "/api/avx/anomalies/:id/feedback",
    async (request): Promise<AnomalyFeedbackAnswer> => {
      const { id } = request.params;
      const fields = jsonFields(request.body, ["verdict"]);
      const verdict = oneOfField(fields, "verdict", ["expected", "useful"] as const);
      const answer = await ports.desk.giveFeedback(id, verdict);
      if (answer === undefined) throw new AvxError("not_found", { what: `anomaly ${id}` });
      return answer;
    },
  );

  const stream = createAnomalyStream(() => ports.anomalies);
  app.addHook("preClose", async () => stream.close());
  app.get("/api/avx/anomalies/stream", (_, reply) => stream.open(reply));

  app.get("/api/avx/anomalies/held", async (request): Promise<HeldAnomaliesAnswer> => {
    return { held: ports.desk.held(search(requestParameters(request), ports.nowMs())) };
  });
  app.get("/api/avx/anomalies/ribbon", async (request): Promise<AnomalyRibbonsAnswer> => {
    const parameters = requestParameters(request);
    const cells = integerParameter(parameters, "cells", RIBBON_CELLS);
    const range = avxRange(parameters, ports.nowMs());
    return anomalyRibbons(ports.engine, ports.anomalies, { ...range, cells });
  });

  app.get(
    "/api/avx/mutes",
    async (): Promise<AnomalyMutesAnswer> => ({
      mutes: ports.desk.mutes(),
    }),
  );
  app.delete<{ Params: { id: string } }>(
    "/api/avx/mutes/:id",
    async (request): Promise<AnomalyUnmuteAnswer> => {
      const { id } = request.params;
      const ended = await ports.desk.unmute(id);
      if (ended === undefined) throw new AvxError("not_found", { what: `mute ${id}` });
      return { ended };
    },
  );
  app.post("/api/avx/mutes", async (request): Promise<AnomalyMute> => {
    const mute = readMute(request.body, ports.nowMs());
    await ports.desk.mute(mute);
    return mute;
  });

  app.get("/api/avx/events", async (request, reply): Promise<OperationEventsAnswer> => {
    const asked = search(requestParameters(request), ports.nowMs());
    return { events: await ports.desk.operations(asked, hangUpSignal(reply)) };
  });
  app.post("/api/avx/events", async (request): Promise<OperationEvent> => {
    const event = readOperation(request.body, ports.nowMs());
    await ports.desk.report(event);
    return event;
  });
}

function search(parameters: URLSearchParams, nowMs: number) {
  const bounds = { min: 1, max: MAX_ANOMALIES, fallback: 200 };
  const limit = integerParameter(parameters, "limit", bounds);
  const service = parameters.get("service") ?? "";
  return { service, ...avxRange(parameters, nowMs), limit };
}

function readMute(body: unknown, nowMs: number): AnomalyMute {
  const fields = jsonFields(body, ["service", "signal", "durationMs", "note"]);
  const service = textField(fields, "service", MAX_TEXT_CHARACTERS);
  if (service === "") throw invalid("service", "no service given");
  const { signal, durationMs } = fields;
  if (
    typeof durationMs !== "number" ||
    !(durationMs >= LEAST_MUTE_MS && durationMs <= MAX_MUTE_MS)
  ) {
    throw invalid("durationMs", `must be from ${LEAST_MUTE_MS} to ${MAX_MUTE_MS}`);
  }
  return {
    ...{ id: `mute ${randomUUID()}`, service, untilMs: nowMs + durationMs },
    signal: signal === undefined || signal === null ? null : oneOfField(fields, "signal", SIGNALS),
    note: textField(fields, "note", MAX_TEXT_CHARACTERS),
  };
}

function readOperation(body: unknown, nowMs: number): OperationEvent {
  const fields = jsonFields(body, ["kind", "title", "service", "time"]);
  const kind = oneOfField(fields, "kind", ["deploy", "config", "note"] as const);
  const title = textField(fields, "title", MAX_TEXT_CHARACTERS);
  if (title === "") throw invalid("title", "no title given");
  const service = textField(fields, "service", MAX_TEXT_CHARACTERS);
  const time = fields["time"];
  if (time !== undefined && typeof time !== "number" && typeof time !== "string") {
    throw invalid("time", "must be Unix seconds or RFC 3339");
  }
  const asked = new URLSearchParams(time === undefined ? {} : { time: String(time) });
  const timestampMs = timeParameterMs(asked, "time", nowMs);
  return { id: `${kind} ${randomUUID()}`, kind, service, timestampMs, title };
}
