import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { labelsFromRecord, labelsToRecord, type MetricMetadata } from "@avx/model";
import { describe, expect, it } from "vitest";
import { decodeMutations } from "../fixtures/mutation.ts";
import type { Exposition } from "./exposition.ts";
import { parseOpenMetrics } from "./parse-open-metrics.ts";
import { parseTextExposition } from "./parse-text.ts";
import { type ExpositionFamily, writeOpenMetrics, writeTextExposition } from "./write.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (input: string) => parseTextExposition(bytes(input));
const open = (input: string) => parseOpenMetrics(bytes(input));
const plain = ({ samples }: Exposition) =>
  samples.map(({ labels, value, timestampMs }) => [labelsToRecord(labels), value, timestampMs]);

describe("parseTextExposition", () => {
  it("reads the example of the format's documentation", () => {
    const page = `# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045
`;
    const exposition = text(page);
    expect(plain(exposition)).toEqual([
      [{ __name__: "http_requests_total", code: "200", method: "post" }, 1027, 1395066363000],
      [{ __name__: "http_requests_total", code: "400", method: "post" }, 3, 1395066363000],
      [
        {
          __name__: "msdos_file_access_time_seconds",
          path: "C:\\DIR\\FILE.TXT",
          error: 'Cannot find file:\n"FILE.TXT"',
        },
        1.458255915e9,
        undefined,
      ],
      [{ __name__: "metric_without_timestamp_and_labels" }, 12.47, undefined],
      [
        { __name__: "something_weird", problem: "division by zero" },
        Number.POSITIVE_INFINITY,
        -3982045,
      ],
    ]);
    expect(exposition.metadata).toEqual([
      {
        name: "http_requests_total",
        type: "counter",
        unit: "",
        help: "The total number of HTTP requests.",
      },
    ]);
  });

  it.each<[string, Record<string, string>, number]>([
    ["  a  1", { __name__: "a" }, 1],
    ['\ta { b = "c" , } NaN', { __name__: "a", b: "c" }, Number.NaN],
    ['{"http.requests",job="x"} -inf', { __name__: "http.requests", job: "x" }, -Infinity],
    ['a{"weird label"="1"} .5', { __name__: "a", "weird label": "1" }, 0.5],
    ['a{b="\\x\\\\"} 1e-5', { __name__: "a", b: "\\x\\" }, 1e-5],
    ["a:b{} 1", { __name__: "a:b" }, 1],
    ['a{__proto__="x"} 1', Object.assign(Object.create(null), { __name__: "a" }), 1],
  ])("reads %s", (line, labels, value) => {
    const [found] = plain(text(line));
    expect(found?.[1]).toBe(value);
    expect(found?.[0]).toMatchObject(labels);
  });

  it.each([
    ["a value out of range", "a 1e999"],
    ["a timestamp with a fraction", "a 1 1.5"],
    ["something behind the timestamp", "a 1 1 1"],
    ["a label twice", 'a{b="1",b="2"} 1'],
    ["no value", "a"],
    ["no name", '{b="c"} 1'],
    ["two names", 'a{"b"} 1'],
    ["an unknown type", "# TYPE a fancy"],
    ["a type without a name", "# TYPE"],
    ["an open quote", 'a{b="c'],
    ["a line break in a value", 'a{b="c\nd"} 1'],
    ["a name that starts with a digit", "1a 1"],
  ])("refuses %s with the line", (_, line) => {
    expect(() => text(`ok 1\n${line}\n`)).toThrow(
      /cannot decode Prometheus text: .* in line [23]$/,
    );
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(() => parseTextExposition(Uint8Array.of(0x61, 0xff))).toThrow("invalid UTF-8");
  });
});

const OPEN = `# TYPE latency_seconds histogram
# UNIT latency_seconds seconds
# HELP latency_seconds Time \\"spent\\".
latency_seconds_bucket{le="0.5"} 1 # {trace_id="abc"} 0.3 1700000000.25
latency_seconds_bucket{le="+Inf"} 2 1700000001.5 # {} 9
latency_seconds_count 2
latency_seconds_sum 9.3
latency_seconds_created 1600000000.5
# TYPE hits counter
hits_total 7
hits_created 1600000001
lonely_created 5
# EOF
`;

describe("parseOpenMetrics", () => {
  it("reads exemplars, times in seconds, units and created lines", () => {
    const { samples, metadata } = open(OPEN);
    expect(
      samples.map(({ labels, ...rest }) => [labelsToRecord(labels)["__name__"], rest]),
    ).toEqual([
      [
        "latency_seconds_bucket",
        {
          value: 1,
          startTimestampMs: 1600000000500,
          exemplar: {
            labels: labelsFromRecord({ trace_id: "abc" }),
            value: 0.3,
            timestampMs: 1700000000250,
          },
        },
      ],
      [
        "latency_seconds_bucket",
        {
          value: 2,
          timestampMs: 1700000001500,
          startTimestampMs: 1600000000500,
          exemplar: { labels: [], value: 9 },
        },
      ],
      ["latency_seconds_count", { value: 2, startTimestampMs: 1600000000500 }],
      ["latency_seconds_sum", { value: 9.3, startTimestampMs: 1600000000500 }],
      ["hits_total", { value: 7, startTimestampMs: 1600000001000 }],
      ["lonely_created", { value: 5 }],
    ]);
    expect(metadata).toEqual([
      { name: "latency_seconds", type: "histogram", unit: "seconds", help: 'Time "spent".' },
      { name: "hits", type: "counter", unit: "", help: "" },
    ]);
  });

  it("takes an empty page, with or without the last line break", () => {
    expect(open("# EOF\n").samples).toEqual([]);
    expect(open("# EOF").samples).toEqual([]);
  });
});

const family = (metadata: Partial<MetricMetadata>, samples: ExpositionFamily["samples"]) => ({
  metadata: { name: "m", type: "gauge", unit: "", help: "", ...metadata } as const,
  samples,
});

describe("writing", () => {
  const families = [
    family({ name: "up", help: 'a\\b\n"c"' }, [
      { labels: labelsFromRecord({ __name__: "up", job: 'x"\\\n' }), value: 1, timestampMs: 1500 },
    ]),
    family({ name: "hits_total", type: "counter" }, [
      { labels: labelsFromRecord({ __name__: "hits_total" }), value: 1e21 },
    ]),
    family({ name: "lat_seconds", type: "gaugehistogram", unit: "seconds" }, [
      {
        labels: labelsFromRecord({ __name__: "lat_seconds_bucket", le: "+Inf" }),
        value: Number.NaN,
        exemplar: { labels: labelsFromRecord({ trace_id: "t" }), value: 0.5, timestampMs: 1 },
      },
    ]),
    family({ name: "http.x" }, [
      { labels: labelsFromRecord({ __name__: "http.x", "a b": "1" }), value: -Infinity },
    ]),
  ];

  it("writes text 0.0.4", () => {
    expect([...writeTextExposition(families)].join("")).toBe(`# HELP up a\\\\b\\n"c"
# TYPE up gauge
up{job="x\\"\\\\\\n"} 1 1500
# TYPE hits_total counter
hits_total 1e+21
# TYPE lat_seconds untyped
lat_seconds_bucket{le="+Inf"} NaN
# TYPE "http.x" gauge
{"http.x","a b"="1"} -Inf
`);
  });

  it("writes OpenMetrics", () => {
    expect([...writeOpenMetrics(families)].join("")).toBe(`# TYPE up gauge
# HELP up a\\\\b\\n\\"c\\"
up{job="x\\"\\\\\\n"} 1 1.5
# TYPE hits counter
hits_total 1e+21
# TYPE lat_seconds gaugehistogram
# UNIT lat_seconds seconds
lat_seconds_bucket{le="+Inf"} NaN # {trace_id="t"} 0.5 0.001
# TYPE "http.x" gauge
{"http.x","a b"="1"} -Inf
# EOF
`);
  });

  it("is read back by the parsers", () => {
    const samples = families.flatMap((one) => [...one.samples]);
    const page = [...writeOpenMetrics(families)].join("");
    expect(open(page).samples).toEqual(samples);
    const older = text([...writeTextExposition(families)].join("")).samples;
    expect(older).toEqual(samples.map(({ exemplar, ...sample }) => sample));
    expect(open(page).metadata.map(({ name }) => name)).toEqual([
      "up",
      "hits",
      "lat_seconds",
      "http.x",
    ]);
  });

  it("comes in chunks", () => {
    const samples = Array.from({ length: 5000 }, (_, i) => ({
      labels: labelsFromRecord({ __name__: "m", i: String(i) }),
      value: i,
    }));
    const pieces = [...writeTextExposition([family({}, samples)])];
    expect(pieces.length).toBeGreaterThan(3);
    expect(text(pieces.join("")).samples).toEqual(samples);
  });
});

it("answers 3000 damaged pages of each format with a value or an AvxError", () => {
  const options = { seed: 9, rounds: 3000 };
  expect(decodeMutations(bytes(OPEN), parseOpenMetrics, options).refused).toBeGreaterThan(500);
  expect(decodeMutations(bytes(OPEN), parseTextExposition, options).refused).toBeGreaterThan(500);
});

interface ParseCase {
  readonly format: "prometheus" | "openmetrics";
  readonly input: string;
  readonly error: string;
}

const corpus = join(import.meta.dirname, "../../../../../shared/data/textparse-errors.json");

// Inputs of Prometheus' own parser tests; put the file into ../shared/data.
describe.skipIf(!existsSync(corpus))("the inputs that Prometheus' parsers refuse", () => {
  const { cases }: { cases: readonly ParseCase[] } = existsSync(corpus)
    ? JSON.parse(readFileSync(corpus, "utf8"))
    : { cases: [] };
  // "EOF" is how Prometheus' table says that a page was read to its end without a fault.
  const refused = cases.filter(({ error }) => error !== "EOF");

  it.each(refused)("refuses $format $input", ({ format, input }) => {
    expect(() => (format === "openmetrics" ? open(input) : text(input))).toThrow(
      expect.objectContaining({ code: "malformed_payload" }),
    );
  });

  it.each(cases.filter(({ error }) => error === "EOF"))("reads $input to its end", ({ input }) => {
    expect(open(input).samples).toEqual([]);
  });
});
