import { describe, expect, it } from "vitest";
import { layerViolations } from "./layers.ts";
import { repositoryFiles } from "./source-files.ts";

const reasons = (path: string, text: string): string[] =>
  layerViolations([{ path, text }]).map((violation) => violation.reason);

describe("layer rules", () => {
  it("hold for the repository, which has files to hold for", () => {
    const files = repositoryFiles([".ts", ".tsx"]);
    expect(files.length).toBeGreaterThan(50);
    expect(layerViolations(files)).toEqual([]);
  });

  it.each([
    ["packages/model/src/x.ts", `import { a } from "@avx/wire";`, "model may not import @avx/wire"],
    [
      "packages/sdk/src/x.ts",
      `import type { Store } from "@avx/store";`,
      "sdk may not import @avx/store",
    ],
    [
      "packages/dashboard/src/x.ts",
      `import { a } from "@avx/server";`,
      "dashboard may not import @avx/server",
    ],
    [
      "packages/wire/src/x.ts",
      `import { a } from "@avx/model/src/labels.ts";`,
      "wire may not import @avx/model/src/labels.ts",
    ],
    [
      "packages/wire/src/x.ts",
      `import { a } from "../../model/src/labels.ts";`,
      "../../model/src/labels.ts leaves the package",
    ],
    [
      "packages/wire/src/x.ts",
      `const a = await import("@avx/store");`,
      "wire may not import @avx/store",
    ],
    [
      "packages/newcomer/src/x.ts",
      `import { a } from "@avx/model";`,
      "package newcomer has no row in the layer table",
    ],
  ])("find a planted import in %s", (path, text, reason) => {
    expect(reasons(path, text)).toEqual([reason]);
  });

  it.each([
    [`import { readFileSync } from "node:fs";`, "promql is pure, but imports node:fs"],
    ["const t = Date.now();", "promql is pure, but uses the clock"],
    ["const r = Math.random();", "promql is pure, but uses Math.random"],
    ["process.exit(1);", "promql is pure, but uses process"],
  ])("find planted impurity: %s", (text, reason) => {
    expect(reasons("packages/promql/src/x.ts", text)).toEqual([reason]);
  });

  it("let comments and tests speak of the clock", () => {
    expect(reasons("packages/promql/src/x.ts", "// not Date.now()\n/* Math.random */")).toEqual([]);
    expect(
      reasons("packages/promql/src/x.test.ts", `import { readFileSync } from "node:fs";`),
    ).toEqual([]);
  });
});
