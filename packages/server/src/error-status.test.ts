import { AvxError } from "@avx/model";
import { describe, expect, it } from "vitest";
import { errorReply } from "./error-status.ts";

describe("errorReply", () => {
  it("answers a typed error with its status, Prometheus' type and its facts", () => {
    const reply = errorReply(new AvxError("bad_query", { reason: "1:2: parse error: no" }));
    expect(reply.status).toBe(400);
    expect(reply.body).toEqual({
      status: "error",
      errorType: "bad_data",
      error: "1:2: parse error: no",
      code: "bad_query",
    });
  });

  it.each([
    ["query_failed", 422, "execution"],
    ["query_limit_exceeded", 422, "execution"],
    ["query_timeout", 503, "timeout"],
    ["query_canceled", 499, "canceled"],
    ["not_found", 404, "not_found"],
    ["store_unavailable", 503, "unavailable"],
  ] as const)("maps %s to %i %s, as Prometheus does", (code, status, errorType) => {
    const reply = errorReply(new AvxError(code));
    expect([reply.status, reply.body.errorType]).toEqual([status, errorType]);
  });

  it("says when to come again on 429 and 503", () => {
    const overloaded = new AvxError("overloaded", { what: "queue", retryAfterSeconds: 7 });
    expect(errorReply(overloaded).retryAfterSeconds).toBe(7);
    expect(errorReply(new AvxError("store_unavailable")).retryAfterSeconds).toBeGreaterThan(0);
  });

  it("keeps a client error of the HTTP framework a client error", () => {
    const tooLarge = Object.assign(new Error("Request body is too large"), { statusCode: 413 });
    expect(errorReply(tooLarge)).toMatchObject({ status: 413, body: { code: "body_too_large" } });
  });

  it("shows nothing of an unknown error", () => {
    const reply = errorReply(new Error("SELECT secret FROM users"));
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply.body)).not.toContain("secret");
  });
});
