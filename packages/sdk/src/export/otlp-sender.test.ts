import { encodeExportResponse } from "@avx/wire";
import { describe, expect, it } from "vitest";
import { httpReply } from "./http-reply.ts";
import { OtlpSender } from "./otlp-sender.ts";

type Step = number | Error | { status: number; retryAfter: string } | { body: Uint8Array };

/** A server that answers by script, and a clock that only notes how long it was asked to wait. */
function scripted(steps: readonly Step[], exportTimeoutMs = Number.POSITIVE_INFINITY) {
  const waits: number[] = [];
  const limits: number[] = [];
  let now = 0;
  let attempts = 0;
  const sender = new OtlpSender(
    {
      signal: "traces",
      encoding: "protobuf",
      isCompressed: false,
      exportTimeoutMs,
    },
    {
      compress: async (plain) => plain,
      attempt: async (_body, limitMs) => {
        limits.push(limitMs);
        const step = steps[Math.min(attempts++, steps.length - 1)];
        if (step instanceof Error) throw step;
        const empty = new Uint8Array(0);
        if (typeof step === "number")
          return httpReply({ status: step, retryAfter: undefined, body: empty }, 0);
        if (step !== undefined && "body" in step) {
          return httpReply({ status: 200, retryAfter: undefined, body: step.body }, 0);
        }
        return httpReply(
          { status: step?.status ?? 200, retryAfter: step?.retryAfter, body: empty },
          0,
        );
      },
      wait: async (ms) => {
        waits.push(ms);
        now += ms;
      },
      random: () => 0.5,
      nowMs: () => now,
    },
  );
  return { sender, waits, limits, attempts: () => attempts };
}

const body = new Uint8Array([1]);

describe("OtlpSender", () => {
  it("sends once when the server takes it", async () => {
    const { sender, waits } = scripted([200]);
    expect(await sender.send(body)).toEqual({ kind: "sent", rejected: 0 });
    expect(waits).toEqual([]);
  });

  it("retries after 503 and after a network error, waiting longer each time", async () => {
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const { sender, waits } = scripted([503, reset, 429, 200]);
    expect(await sender.send(body)).toEqual({ kind: "sent", rejected: 0 });
    expect(waits).toEqual([1000, 1500, 2250]);
  });

  it("waits as long as Retry-After asks", async () => {
    const { sender, waits } = scripted([{ status: 429, retryAfter: "7" }, 200]);
    await sender.send(body);
    expect(waits).toEqual([7000]);
  });

  it("gives up when Retry-After asks for longer than a batch is worth", async () => {
    const { sender, attempts } = scripted([{ status: 503, retryAfter: "3600" }]);
    expect(await sender.send(body)).toEqual({ kind: "failed", reason: "HTTP 503" });
    expect(attempts()).toBe(1);
  });

  it.each([400, 401, 404, 413, 500])("never retries %d", async (status) => {
    const { sender, attempts } = scripted([status]);
    expect(await sender.send(body)).toEqual({ kind: "failed", reason: `HTTP ${status}` });
    expect(attempts()).toBe(1);
  });

  it("gives up after five attempts and says why", async () => {
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const { sender, waits, attempts } = scripted([refused]);
    expect(await sender.send(body)).toEqual({ kind: "failed", reason: "ECONNREFUSED" });
    expect(attempts()).toBe(5);
    expect(waits).toHaveLength(4);
  });

  it("gives up when the export's time would be over before the next attempt", async () => {
    const { sender, waits, limits } = scripted([503], 3000);
    expect(await sender.send(body)).toEqual({ kind: "failed", reason: "HTTP 503" });
    expect(waits).toEqual([1000, 1500]);
    // What is left of 3 s when each attempt begins.
    expect(limits).toEqual([3000, 2000, 500]);
  });

  it("makes one attempt only once it is told to hurry", async () => {
    const { sender, attempts } = scripted([503]);
    sender.hurry();
    expect((await sender.send(body)).kind).toBe("failed");
    expect(attempts()).toBe(1);
  });

  it("reports what a partial success left out, and takes an unreadable answer as success", async () => {
    const partial = encodeExportResponse("traces", "protobuf", { rejected: 3, message: "old" });
    expect(await scripted([{ body: partial }]).sender.send(body)).toEqual({
      kind: "sent",
      rejected: 3,
    });
    const garbage = new Uint8Array([255, 255, 255]);
    expect(await scripted([{ body: garbage }]).sender.send(body)).toEqual({
      kind: "sent",
      rejected: 0,
    });
  });
});
