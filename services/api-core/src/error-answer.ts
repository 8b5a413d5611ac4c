import { AvxError, type Telemetry } from "@avx/sdk";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** The JSON of every error, as on the server: docs/reference/errors.md lists the codes. */
export interface ErrorAnswer {
  readonly status: "error";
  readonly errorType: string;
  readonly error: string;
  readonly code: string;
}

/** For `frameworkErrors`: what Fastify refuses before any route, such as a path that is no URL. */
export function answerFrameworkError(
  error: Error,
  _request: FastifyRequest,
  reply: FastifyReply,
): void {
  const { httpStatus, answer } = errorAnswer(error);
  reply.code(httpStatus).send(answer);
}

/** Answers everything thrown in a route. Only errors of ours or of the client show their message. */
export function registerErrorAnswers(app: FastifyInstance, telemetry: Telemetry): void {
  app.setNotFoundHandler((request) => {
    throw new AvxError("not_found", { what: request.url.split("?", 1)[0] ?? "path" });
  });
  app.setErrorHandler((error, request, reply) => {
    const { httpStatus, answer } = errorAnswer(error);
    const facts = { path: request.url, code: answer.code, error };
    // A typed error is an expected answer, seen in metrics and traces; anything else is a fault.
    if (error instanceof AvxError) telemetry.log.debug("answered with an error", facts);
    else if (httpStatus >= 500) telemetry.log.error("request failed", facts);
    return reply.code(httpStatus).send(answer);
  });
}

function errorAnswer(error: unknown): { httpStatus: number; answer: ErrorAnswer } {
  if (error instanceof AvxError) {
    const { status: httpStatus, code, message } = error;
    const errorType =
      code === "internal" ? "internal" : httpStatus >= 500 ? "unavailable" : "bad_data";
    return { httpStatus, answer: { status: "error", errorType, error: message, code } };
  }
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : 500;
  if (error instanceof Error && typeof status === "number" && status >= 400 && status < 500) {
    const { message } = error;
    const answer = { status: "error", errorType: "bad_data", error: message, code: "bad_request" };
    return { httpStatus: status, answer: { ...answer, status: "error" } };
  }
  const answer = { errorType: "internal", error: "internal error", code: "internal" };
  return { httpStatus: 500, answer: { status: "error", ...answer } };
}
