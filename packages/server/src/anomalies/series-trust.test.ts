import { describe, expect, it } from "vitest";
import { freshTrust, holdBy, LEAST_TRUST, observeArrival } from "./series-trust.ts";

/** What is known after 200 steps of 2 s, of which those that `arrives` says brought a sample. */
function trustAfter(
  arrives: (i: number) => boolean,
  isNumber: (i: number) => boolean = () => true,
) {
  const trust = freshTrust();
  let lastMs = 0;
  for (let i = 1; i <= 200; i++) {
    if (!arrives(i)) continue;
    observeArrival(trust, lastMs === 0 ? 0 : i * 2000 - lastMs, isNumber(i));
    lastMs = i * 2000;
  }
  return trust;
}

describe("trust in a series", () => {
  it("is whole while samples come, a little early or late", () => {
    const trust = freshTrust();
    for (let i = 0; i < 200; i++) observeArrival(trust, i % 2 === 0 ? 1800 : 2200, true);
    expect(holdBy(trust)).toBeUndefined();
    expect(trust.missed).toBeLessThan(1);
  });

  it("holds what loses more than a fifth of its samples, and names the share", () => {
    const hold = holdBy(trustAfter((i) => i % 3 !== 0));
    expect(hold?.problems).toHaveLength(1);
    expect(hold?.problems[0]?.dimension).toBe("completeness");
    expect(hold?.problems[0]?.amount).toBeCloseTo(1 / 3, 1);
    expect(hold?.quality).toBeLessThan(LEAST_TRUST);
    expect(holdBy(trustAfter((i) => i % 10 !== 0))).toBeUndefined();
  });

  it("holds what sends no numbers", () => {
    const hold = holdBy(
      trustAfter(
        () => true,
        (i) => i % 2 === 0,
      ),
    );
    expect(hold?.problems[0]).toMatchObject({ dimension: "validity" });
    expect(hold?.problems[0]?.amount).toBeCloseTo(0.5, 1);
  });

  it("takes one long gap for a pause, and forgets it", () => {
    expect(holdBy(trustAfter((i) => i < 60 || i > 120))).toBeUndefined();
  });

  it("holds nothing of which it knows little", () => {
    const trust = freshTrust();
    for (let i = 0; i < 10; i++) observeArrival(trust, i % 2 === 0 ? 2000 : 8000, false);
    expect(holdBy(trust)).toBeUndefined();
  });
});
