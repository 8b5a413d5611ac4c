import { describe, expect, it } from "vitest";
import { parseScrapeConfig } from "./parse-scrape-config.ts";
import { acceptHeader, TEXT_PROTOCOLS } from "./scrape-protocol.ts";

const FILE = { name: "prometheus.yml", directory: "/etc" };

function jobOf(job: string, global = "") {
  const text = `global: {scrape_interval: 10s${global}}\nscrape_configs:\n- {job_name: j${job}}\n`;
  return parseScrapeConfig(text, FILE).jobs[0]!;
}

describe("acceptHeader", () => {
  it("weighs the formats by their order", () => {
    expect(acceptHeader(TEXT_PROTOCOLS)).toBe(
      "application/openmetrics-text;version=1.0.0;q=0.6," +
        "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1",
    );
  });
});

describe("the formats of a job", () => {
  const NATIVE = ", scrape_native_histograms: true";
  const PROTO_FIRST = ["PrometheusProto", ...TEXT_PROTOCOLS];

  it.each([
    ["text without a word", jobOf(""), TEXT_PROTOCOLS],
    ["protobuf first for native histograms", jobOf(NATIVE), PROTO_FIRST],
    ["what global says", jobOf("", NATIVE), PROTO_FIRST],
    ["its own word", jobOf(", scrape_native_histograms: false", NATIVE), TEXT_PROTOCOLS],
    [
      "the list",
      jobOf(", scrape_protocols: [PrometheusText0.0.4]", NATIVE),
      ["PrometheusText0.0.4"],
    ],
  ])("are %s", (_, { protocols }, expected) => expect(protocols).toEqual(expected));

  it("must be known", () => {
    expect(() => jobOf(", scrape_protocols: [Carbon]")).toThrow(/"Carbon" is not a protocol/);
  });
});
