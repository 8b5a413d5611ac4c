import { describe, expect, it } from "vitest";
import { repositoryFiles } from "./source-files.ts";
import { tidyViolations } from "./tidy.ts";

const reasons = (path: string, text: string): string[] =>
  tidyViolations([{ path, text }]).map((violation) => violation.reason);

describe("tidy", () => {
  it("finds nothing in the repository", () => {
    expect(tidyViolations(repositoryFiles([".ts", ".tsx"]))).toEqual([]);
  });

  it.each([
    ["packages/wire/src/utils.ts", "", "the name says nothing; name the concept"],
    ["packages/wire/src/x.ts", "\n".repeat(301), "301 lines, at most 300"],
    ["packages/wire/src/x.ts", "// TODO later\n", "leftover TODO"],
    ["packages/wire/src/x.ts", "const a = b as any;\n", "type escape as any"],
    ["packages/wire/src/x.ts", "export const a = 1;\n", "export a has no doc comment"],
    [
      "packages/wire/src/x.ts",
      "/** Why. */\nconst b = 1;\nexport function a() {}\n",
      "export a has no doc comment",
    ],
  ])("finds a planted fault in %s", (path, text, reason) => {
    expect(reasons(path, text)).toEqual([reason]);
  });

  it("accepts a documented export", () => {
    expect(reasons("packages/wire/src/x.ts", "/** Why. */\nexport const a = 1;\n")).toEqual([]);
  });
});
