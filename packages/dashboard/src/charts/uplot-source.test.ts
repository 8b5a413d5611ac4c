import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { withoutUnusedPaths } from "./uplot-source.ts";

const main = createRequire(import.meta.url).resolve("uplot");
const source = readFileSync(join(dirname(main), "uPlot.esm.js"), "utf8");

describe("withoutUnusedPaths", () => {
  it("keeps the straight line of the installed uPlot and drops what we do not draw", () => {
    const lean = withoutUnusedPaths(source);
    expect(lean).toMatch(/paths\.linear\s*= linear/);
    expect(lean).not.toMatch(/paths\.(?:stepped|bars|spline)\s*=/);
  });

  it("does not pass over a uPlot that it does not know", () => {
    expect(() => withoutUnusedPaths("export default 1")).toThrow("uPlot has no path stepped");
  });
});
