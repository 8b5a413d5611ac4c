import { describe, expect, it } from "vitest";
import { USUAL_OTLP_NAMES } from "./parse-otlp-names.ts";
import { parseScrapeConfig } from "./parse-scrape-config.ts";

const parse = (text: string) => parseScrapeConfig(text, { name: "p.yml", directory: "/" });

describe("the block otlp of a prometheus.yml", () => {
  it("is not needed", () => {
    expect(parse("scrape_configs: []").otlpNames).toEqual(USUAL_OTLP_NAMES);
  });

  it("says how OTLP metrics are named", () => {
    const { otlpNames, warnings } = parse(
      "otlp:\n  promote_resource_attributes: [k8s.pod.name, host.name]\n" +
        "  keep_identifying_resource_attributes: true\n  promote_scope_metadata: true\n" +
        "  translation_strategy: NoUTF8EscapingWithSuffixes\n",
    );
    expect(otlpNames).toEqual({
      ...{ keepUtf8: true, scopeLabels: true, keepIdentifying: true },
      promote: ["k8s.pod.name", "host.name"],
    });
    expect(warnings).toEqual([]);
  });

  it("warns with the line of what is not used", () => {
    const text =
      "otlp:\n  translation_strategy: NoTranslation\n  convert_histograms_to_nhcb: true\n";
    const { otlpNames, warnings } = parse(text);
    expect(otlpNames.keepUtf8).toBe(true);
    expect(warnings).toEqual([
      'p.yml line 2: otlp.translation_strategy "NoTranslation" is not supported, NoUTF8EscapingWithSuffixes is used: names keep their suffixes',
      "p.yml line 3: otlp.convert_histograms_to_nhcb is not supported and ignored",
    ]);
  });

  it.each([
    ["translation_strategy: Other", "line 2"],
    ["promote_resource_attributes: ['']", "empty name"],
    [`promote_resource_attributes: [${Array.from({ length: 65 }, (_, i) => `a${i}`)}]`, "64"],
  ])("refuses %s", (line, words) => {
    expect(() => parse(`otlp:\n  ${line}\n`)).toThrow(words);
  });
});
