import { createRandom } from "@avx/analysis";
import { describe, expect, it } from "vitest";
import { createSignalDetector } from "./signal-detector.ts";

describe("signal detector", () => {
  it("says nothing of ordinary samples and names what it expected of a jump", () => {
    const random = createRandom(7);
    const detector = createSignalDetector();
    let findings = 0;
    for (let i = 0; i < 120; i++) {
      if (detector.push(i * 5000, 0.05 + 0.01 * random.uniform()) !== undefined) findings++;
    }
    expect(findings).toBeLessThanOrEqual(1);
    const finding = detector.push(600_000, 0.45);
    expect(finding).toBeDefined();
    expect(finding?.expectedUpper).toBeLessThan(0.1);
    expect(finding?.score).toBeGreaterThan(finding?.threshold ?? Number.NaN);
  });

  it("does not judge while history is too short", () => {
    const detector = createSignalDetector();
    expect(detector.push(0, 1)).toBeUndefined();
    expect(detector.push(5000, 1000)).toBeUndefined();
  });
});
