import { describe, expect, it } from "vitest";
import { resultsPage } from "./results-page.ts";

describe("results page", () => {
  it("has a section for each claim, with nested figures as rows and four digits", () => {
    const page = resultsPage([
      {
        claim: "ingest",
        date: "2026-11-24",
        machine: "2 x CPU",
        node: "v24",
        figures: { ours: { cpuSecondsPerMillion: 0.123456 }, ratio: 2 },
      },
    ]);
    expect(page).toContain("## ingest");
    expect(page).toContain("`npm run bench ingest`, 2026-11-24, 2 x CPU, Node v24");
    expect(page).toContain("| ours, cpuSecondsPerMillion | 0.1235 |\n| ratio | 2 |");
  });
});
