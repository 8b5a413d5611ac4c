import { createRandom } from "@avx/analysis";
import { labelsFromRecord } from "@avx/model";
import { beforeAll, describe, expect, it } from "vitest";
import type { QualityAnswer, ServiceQualitiesAnswer } from "../contract.ts";
import { createTestServer, NOW_MS, type TestServer } from "./fixtures/test-server.ts";

const EXPORT_MS = 15_000;
const EXPORTS = 320;

interface Sent {
  readonly keeps?: (i: number) => boolean;
  readonly rate?: (i: number) => number;
  readonly instance?: string;
}

/** Counters of requests, of which one in ten ends with 500. */
function counters(
  service: string,
  { keeps = () => true, rate = () => 100, instance = "a" }: Sent = {},
) {
  const random = createRandom(1);
  const times: number[] = [];
  const totals: number[] = [];
  let total = 0;
  for (let i = 0; i <= EXPORTS; i++) {
    total += rate(i) * (0.9 + 0.2 * random.uniform());
    if (!keeps(i)) continue;
    times.push(NOW_MS - (EXPORTS - i) * EXPORT_MS);
    totals.push(total);
  }
  const of = (code: string, share: number) => ({
    labels: labelsFromRecord({
      ...{ __name__: "http_server_request_duration_seconds_count", service_name: service },
      ...{ http_response_status_code: code, instance },
    }),
    timestampsMs: Float64Array.from(times),
    values: Float64Array.from(totals, (value) => share * value),
  });
  return [of("200", 0.9), of("500", 0.1)];
}

let server: TestServer;
beforeAll(async () => {
  server = await createTestServer([], { cadenceMs: EXPORT_MS });
  const recent = EXPORTS - 60;
  await server.add({
    series: [
      ...counters("whole"),
      // Silent for five minutes of the last fifteen.
      ...counters("lossy", { keeps: (i) => i < recent + 10 || i >= recent + 30 }),
      ...counters("replaced", { keeps: (i) => i <= recent + 30 }),
      ...counters("replaced", { keeps: (i) => i > recent + 30, instance: "b" }),
      // Three steps of a rate, each quite unlike the one before.
      ...counters("young", { keeps: (i) => i > EXPORTS - 5, rate: (i) => 10 ** (i % 4) }),
      ...counters("raised", { rate: (i) => (i < recent + 20 ? 100 : 200) }),
    ],
  });
});

const quality = async (service: string) => {
  const { json } = await server.get(`/api/avx/quality?service=${service}`);
  return json as QualityAnswer; // The route's contract, checked below.
};
const signalOf = ({ signals }: QualityAnswer, name: string) =>
  signals.find(({ signal }) => signal === name);

describe("GET /api/avx/quality", () => {
  it("needs a service, and says nothing of one that sent nothing", async () => {
    expect((await server.get("/api/avx/quality")).status).toBe(400);
    expect(await quality("nobody")).toEqual({ spanMs: 900_000, signals: [], heldPages: 0 });
  });

  it("meets the standard where samples are whole, errors among them", async () => {
    const { signals } = await quality("whole");
    expect(signals.map(({ signal }) => signal)).toEqual(["traffic", "errors"]);
    for (const { meetsStandard, problems } of signals) {
      expect({ meetsStandard, problems }).toEqual({ meetsStandard: true, problems: [] });
    }
  });

  it("does not call a young service implausible", async () => {
    const { signals } = await quality("young");
    expect(signals.map(({ signal, accuracy }) => [signal, accuracy])).toEqual([
      ["traffic", 1],
      ["errors", 1],
    ]);
  });

  it("names gaps as the reason, with the share that is missing", async () => {
    const traffic = signalOf(await quality("lossy"), "traffic");
    expect(traffic?.problems[0]?.dimension).toBe("completeness");
    // 20 of 60 exports: the window of the rate would hide four of them.
    expect(traffic?.problems[0]?.amount).toBeCloseTo(1 / 3, 1);
    expect(traffic?.problems[0]?.amount).toBeGreaterThan(0.3);
  });

  it("takes an instance that replaces another for no gap", async () => {
    expect(signalOf(await quality("replaced"), "traffic")?.problems).toEqual([]);
  });

  it("charts each signal: lines of the hour before, rules on the last quarter of an hour", async () => {
    const steady = signalOf(await quality("whole"), "traffic")?.chart;
    expect(steady?.center).toBeCloseTo(100 / 15, 0);
    expect(steady?.beyondSixSigma).toBe(0);
    const raised = signalOf(await quality("raised"), "traffic")?.chart;
    expect(raised?.beyondSixSigma).toBeGreaterThan(3);
    expect(raised?.violations.map(({ rule }) => rule)).toContain(1);
    for (const { timestampMs } of raised?.violations ?? []) {
      expect(timestampMs).toBeGreaterThan(NOW_MS - 900_000 - 60_000);
    }
  });
});

describe("GET /api/avx/quality/services", () => {
  it("has every service, the worst first", async () => {
    const { json } = await server.get("/api/avx/quality/services");
    const { services } = json as ServiceQualitiesAnswer; // The route's contract.
    expect(services[0]?.service).toBe("lossy");
    expect(services.map(({ service }) => service).sort()).toEqual([
      "lossy",
      "raised",
      "replaced",
      "whole",
      "young",
    ]);
    expect(services[0]?.overall).toBeLessThan(services[1]?.overall ?? 0);
  });
});
