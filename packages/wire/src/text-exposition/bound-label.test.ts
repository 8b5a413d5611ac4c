import { labelValue } from "@avx/model";
import { describe, expect, it } from "vitest";
import { parseOpenMetrics } from "./parse-open-metrics.ts";
import { parseTextExposition } from "./parse-text.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

// What Go's strconv.FormatFloat(v, 'g', -1, 64) writes, with ".0" behind an integer.
const BOUNDS = [
  ["1", "1.0"],
  ["1.0", "1.0"],
  ["0", "0.0"],
  ["-1", "-1.0"],
  ["0.5", "0.5"],
  ["00.500", "0.5"],
  ["1e1", "10.0"],
  ["100000", "100000.0"],
  ["1000000", "1e+06"],
  ["123456789", "1.23456789e+08"],
  ["0.00001", "1e-05"],
  ["+inf", "+Inf"],
  ["+Inf", "+Inf"],
  ["none", "none"],
  ["", ""],
] as const;

describe("bounds in label values", () => {
  it.each(BOUNDS)("reads le=%j of a histogram as %j in both text formats", (sent, kept) => {
    const text = `# TYPE lat histogram\nlat_bucket{le="${sent}"} 3\n`;
    for (const { samples } of [
      parseTextExposition(bytes(text)),
      parseOpenMetrics(bytes(`${text}# EOF\n`)),
    ]) {
      expect(samples.map(({ labels }) => labelValue(labels, "le"))).toEqual([kept]);
    }
  });

  it.each([
    ["summary", "quantile", "1.0"],
    ["summary", "le", "1"],
    ["histogram", "quantile", "1"],
    ["gauge", "le", "1"],
  ])("in a %s writes %s=1 as %s", (type, name, kept) => {
    const text = `# TYPE lat ${type}\nlat{${name}="1"} 3\n`;
    const [sample] = parseTextExposition(bytes(text)).samples;
    expect(labelValue(sample!.labels, name)).toBe(kept);
  });

  it("leaves labels alone that no TYPE line explains", () => {
    const [sample] = parseTextExposition(bytes('lat_bucket{le="1"} 3\n')).samples;
    expect(labelValue(sample!.labels, "le")).toBe("1");
  });
});
