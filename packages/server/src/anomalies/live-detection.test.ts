import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@avx/analysis";
import { describe, expect, it } from "vitest";
import { createDetectionKit, EXPORT_MS } from "./fixtures/detection-kit.ts";

const BOUNDS = [0.05, 0.1, 0.25, 0.5, 1, Number.POSITIVE_INFINITY];

/** Requests of a service whose latencies fall into the histogram. */
function traffic() {
  const random = createRandom(3);
  const counts = BOUNDS.map(() => 0);
  return (isSlow: boolean): readonly number[] => {
    for (let i = 0; i < 60; i++) {
      const seconds = (isSlow ? 0.4 : 0.02) + 0.04 * random.uniform();
      BOUNDS.forEach((bound, at) => {
        if (seconds <= bound) counts[at]!++;
      });
    }
    return counts;
  };
}

describe("live detection of golden signals", () => {
  it("opens one latency event for a slow spell within two exports, and closes it", async () => {
    const { step, sample, found, now } = createDetectionKit();
    const next = traffic();
    const duration = "http_server_request_duration_seconds";
    const send = (isSlow: boolean) => {
      const counts = next(isSlow);
      const buckets = counts.map((count, i) =>
        sample(
          `${duration}_bucket`,
          { le: BOUNDS[i] === Infinity ? "+Inf" : `${BOUNDS[i]}` },
          count,
        ),
      );
      return step([...buckets, sample(`${duration}_count`, {}, counts.at(-1) ?? 0)]);
    };
    for (let i = 0; i < 90; i++) await send(false);
    expect(found()).toEqual([]);
    const slowFromMs = now();
    for (let i = 0; i < 2; i++) await send(true);
    expect(found()).toMatchObject([
      { service: "cart", signal: "latency", unit: "s", endMs: null, detector: "Streaming" },
    ]);
    expect(found()[0]?.timestampMs).toBeLessThanOrEqual(slowFromMs + EXPORT_MS);
    for (let i = 0; i < 28; i++) await send(true);
    for (let i = 0; i < 12; i++) await send(false);
    expect(found()).toHaveLength(1);
    expect(found()[0]?.endMs).not.toBeNull();
    expect(found()[0]?.peakValue).toBeGreaterThan(0.25);
  });

  it("waits after a gap until its windows are full: rates rise while they fill", async () => {
    const { step, sample, found, skip } = createDetectionKit();
    let total = 0;
    const send = (rate: number) => {
      total += rate * (EXPORT_MS / 1000);
      return step([sample("http_server_request_duration_seconds_count", {}, total)]);
    };
    for (let i = 0; i < 120; i++) await send(50 + (i % 3));
    skip(120_000);
    total = 0;
    for (let i = 0; i < 30; i++) await send(50 + (i % 3));
    expect(found()).toEqual([]);
  });
});

describe("live detection of a service that loses exports", () => {
  it("holds what it finds on golden signals, to its end", async () => {
    const { step, sample, found, held, withheld, skip, now } = createDetectionKit();
    let total = 0;
    const random = createRandom(3);
    const send = (rate: number) => {
      total += rate * (EXPORT_MS / 1000);
      return step([sample("http_server_request_duration_seconds_count", {}, total)]);
    };
    const lossy = async (rate: number, exports: number) => {
      for (let i = 0; i < exports; i++) {
        if (i % 3 < 2) await send(rate * (0.98 + 0.04 * random.uniform()));
        else skip(EXPORT_MS);
      }
    };
    await lossy(50, 240);
    await lossy(5, 60);
    await lossy(50, 90);
    expect(found()).toEqual([]);
    const range = { service: "cart", startMs: 0, endMs: now(), limit: 10 };
    const [first] = held.search(range);
    expect(first).toMatchObject({ signal: "traffic", hold: { reason: "quality" } });
    expect(first?.endMs).not.toBeNull();
    expect(withheld).toContain("bad-quality");
  });
});

describe("live detection of silence", () => {
  it("opens one event a minute after a service was last heard, and closes it with the next sample", async () => {
    const { step, sample, found, skip, detection, now } = createDetectionKit();
    let total = 0;
    const send = () => {
      total += 100;
      return step([sample("http_server_request_duration_seconds_count", {}, total)]);
    };
    for (let i = 0; i < 90; i++) await send();
    await detection.watchSilence(now() + 50_000);
    expect(found()).toEqual([]);
    skip(61_000);
    await detection.watchSilence(now());
    await detection.watchSilence(now() + 5000);
    expect(found()).toMatchObject([{ signal: "traffic", reason: "absent", endMs: null }]);
    for (let i = 0; i < 20; i++) await send();
    expect(found()[0]?.endMs).not.toBeNull();
  });
});

describe("live detection of a selector", () => {
  const send = async (kit: ReturnType<typeof createDetectionKit>, values: readonly number[]) => {
    for (const value of values) {
      await kit.step([
        kit.sample("queue_depth", { queue: "mail" }, value),
        kit.sample("other", {}, value),
      ]);
    }
  };
  const random = createRandom(5);
  const calm = Array.from({ length: 120 }, () => 20 + random.normal());

  it("watches the samples of its series themselves, and no others", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    await send(kit, calm);
    expect(kit.found()).toEqual([]);
    await send(kit, [80, 81, 80]);
    expect(kit.found()).toMatchObject([
      {
        signal: "metric",
        metric: 'queue_depth{queue="mail",service_name="cart"}',
        service: "cart",
      },
    ]);
    expect(kit.detection.watches).toBe(1);
  });

  it("stores score and band as series", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    await send(kit, calm);
    const { value } = await kit.engine.instant({
      query: "{__name__=~'avx_(anomaly|expected).*'}",
      timeMs: kit.now() - EXPORT_MS,
    });
    const names = value.type === "vector" ? value.samples.map(({ labels }) => labels[1]) : [];
    expect(names.sort()).toEqual(["avx_anomaly_score", "avx_expected_lower", "avx_expected_upper"]);
  });

  it("holds back a change in a series that loses samples, keeps it, and says why", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    for (let i = 0; i < 200; i++) {
      // Two of five samples do not come.
      if (i % 5 < 3) await send(kit, [20 + random.normal()]);
      else kit.skip(EXPORT_MS);
    }
    await send(kit, [80, 81, 80]);
    expect(kit.found()).toEqual([]);
    const range = { service: "", startMs: 0, endMs: kit.now(), limit: 10 };
    expect(kit.held.search(range)).toMatchObject([
      { service: "cart", hold: { reason: "quality", problems: [{ dimension: "completeness" }] } },
    ]);
    expect(kit.withheld).toEqual(["bad-quality"]);
  });

  it("asks for more evidence after feedback that a change was expected", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    await send(kit, calm);
    const key = 'metric queue_depth{queue="mail",service_name="cart"}';
    for (let i = 0; i < 6; i++) kit.policy.learn(`${key}@${i}`, "expected");
    await send(kit, [45, 45, 45]);
    expect(kit.found()).toEqual([]);
    const plain = createDetectionKit('{__name__="queue_depth"}');
    await send(plain, calm);
    await send(plain, [45, 45, 45]);
    expect(plain.found()).toHaveLength(1);
  });

  it("goes on with new detectors when those it had are lost", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    await send(kit, calm);
    await send(kit, [80, 81, 80]);
    kit.failNext();
    await expect(send(kit, [80])).rejects.toThrow("lost");
    expect(kit.found()[0]?.endMs).not.toBeNull();
    await send(kit, calm);
    await send(kit, [80, 81, 80]);
    expect(kit.found()).toHaveLength(2);
  });

  it("keeps its detectors over a restart", async () => {
    const kit = createDetectionKit('{__name__="queue_depth"}');
    await send(kit, calm);
    const other = createDetectionKit('{__name__="queue_depth"}');
    const directory = await mkdtemp(join(tmpdir(), "avx-detection-"));
    const path = join(directory, "state.jsonl");
    await kit.detection.save(path, kit.now());
    await other.detection.restore(path);
    await rm(directory, { recursive: true });
    await send(other, [20]); // its clock is behind: refused, not learned
    expect(other.found()).toEqual([]);
    expect(other.detection.watches).toBe(1);
  });
});
