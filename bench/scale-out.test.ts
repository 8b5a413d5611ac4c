import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const GUIDE = readFileSync(join(import.meta.dirname, "../docs/guides/scale-out.md"), "utf8");
const LINES = readFileSync(join(import.meta.dirname, "results/store-rollups.jsonl"), "utf8");

const SAMPLES_PER_DAY = 86_400 / 15;
const [RAW_DAYS, ROLLUP_DAYS] = [30, 400];
const UNITS: Readonly<Record<string, number>> = { GB: 1e9, TB: 1e12 };
const SERIES_PER_SERVER = 250_000;
/** Of a node with 1 TB a quarter stays free. */
const BYTES_PER_NODE = 0.75e12;

function bytesOf(text: string): number {
  const [amount = "", unit = ""] = text.split(" ");
  return Number(amount) * UNITS[unit]!;
}

it("the table of the scale-out guide is what the newest measurement makes of it", () => {
  const { figures } = JSON.parse(LINES.trim().split("\n").at(-1) ?? "");
  const rollups = figures.rollupBytesPerSeriesAndDay * ROLLUP_DAYS;
  const raw = figures.bytesPerSample.raw * SAMPLES_PER_DAY * RAW_DAYS;
  const rows = [
    ...GUIDE.matchAll(/^\| ([\d,]+) \| ([\d,]+) \| (.*) \| (.*) \| (.*) \| (.*) \|$/gm),
  ];
  expect(rows).toHaveLength(5);
  for (const [
    ,
    count = "",
    perSecond = "",
    disk = "",
    ofRollups = "",
    servers = "",
    nodes = "",
  ] of rows) {
    const series = Number(count.replaceAll(",", ""));
    // Written with two digits.
    const ratio = (told: number, real: number) => Math.abs(told / real - 1);
    expect(ratio(Number(perSecond.replaceAll(",", "")), series / 15)).toBeLessThan(0.03);
    expect(ratio(bytesOf(disk), series * (raw + rollups))).toBeLessThan(0.05);
    expect(ratio(bytesOf(ofRollups), series * rollups)).toBeLessThan(0.05);
    if (nodes === "none") continue;
    expect(Number(servers)).toBe(Math.max(2, Math.ceil(series / SERIES_PER_SERVER)));
    const shards = Math.ceil((series * (raw + rollups)) / BYTES_PER_NODE);
    expect(nodes).toBe(`${shards * 2} (${shards} x 2)`);
  }
});
