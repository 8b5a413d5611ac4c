import { describe, expect, it } from "vitest";
import { labelNameFromPath } from "./label-name.ts";

describe("labelNameFromPath", () => {
  // The escaping is "values encoding" of prometheus/docs, content/docs/instrumenting/escaping_schemes.md.
  it.each([
    ["job", "job"],
    ["U__http_2e_method", "http.method"],
    ["U__a__b", "a_b"],
    ["U___1f600_", "\u{1f600}"],
    ["service.name", "service.name"],
  ])("reads %s", (segment, name) => expect(labelNameFromPath(segment)).toBe(name));

  it.each(["", "U__", "x".repeat(2000)])("refuses %j", (segment) => {
    expect(() => labelNameFromPath(segment)).toThrowError("invalid label name");
  });

  // model.UnescapeName of Prometheus gives such a name back as it is.
  it.each(["U___zz_", "U___110000_"])(
    "takes %s, which is not well escaped, as it is",
    (segment) => {
      expect(labelNameFromPath(segment)).toBe(segment);
    },
  );
});
