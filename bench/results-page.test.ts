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

  it("prints a list of rows as a table of its own", () => {
    const rows = [
      { kind: "hourly", OWA: 0.374, note: null },
      { kind: "daily", OWA: 0.71, note: "short" },
    ];
    const run = { claim: "quality", date: "2026-11-25", machine: "2 x CPU", node: "v24" };
    const page = resultsPage([{ ...run, figures: { mean: 0.5, kinds: rows } }]);
    expect(page).toContain(
      "| mean | 0.5 |\n\nkinds:\n\n| kind | OWA | note |\n| --- | ---: | --- |\n",
    );
    expect(page).toContain("| hourly | 0.374 |  |\n| daily | 0.71 | short |\n");
  });
});
