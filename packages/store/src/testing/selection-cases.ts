import { labelsFromRecord, labelsToRecord } from "@avx/model";
import { expect } from "vitest";
import { batchOf, HOSTILE_TEXTS, NEVER, seriesOf, T0 } from "./sample-data.ts";
import type { StoreCase } from "./store-case.ts";

const HOUR_MS = 3_600_000;

/** Which series an answer holds, and what is known about them. */
export const SELECTION_CASES: readonly StoreCase[] = [
  {
    name: "brings hostile names and values back exact, and finds them by equality",
    async write({ metrics }) {
      const series = HOSTILE_TEXTS.map((text, i) =>
        seriesOf({ __name__: "contract_hostile", text, [text]: "as a name" }, [[T0, i]]),
      );
      await metrics.append(batchOf(...series));
    },
    async check({ metrics }) {
      for (const [i, text] of HOSTILE_TEXTS.entries()) {
        const found = await metrics.select(
          [
            { name: "__name__", op: "=", value: "contract_hostile" },
            { name: "text", op: "=", value: text },
          ],
          { startMs: T0, endMs: T0 },
          NEVER,
        );
        expect(found.map(({ values }) => [...values])).toEqual([[i]]);
        expect(labelsToRecord(found[0]!.labels)[text]).toBe("as a name");
      }
    },
  },
  {
    name: "selects by all four operators; an absent label counts as empty",
    async write({ metrics }) {
      const of = (labels: Record<string, string>) =>
        seriesOf({ __name__: "contract_match", ...labels }, [[T0, 1]]);
      await metrics.append(batchOf(of({ a: "1" }), of({ a: "2", b: "x" }), of({ b: "y" })));
    },
    async check({ metrics }) {
      const found = async (name: string, op: "=" | "!=" | "=~" | "!~", value: string) => {
        const matchers = [
          { name: "__name__", op: "=", value: "contract_match" } as const,
          { name, op, value },
        ];
        const series = await metrics.select(matchers, { startMs: T0, endMs: T0 }, NEVER);
        return series.map(({ labels }) => labels.slice(2).join(""));
      };
      expect(await found("a", "=", "1")).toEqual(["a1"]);
      expect(await found("a", "=", "")).toEqual(["by"]);
      expect(await found("a", "!=", "1")).toEqual(["a2bx", "by"]);
      expect(await found("b", "=~", "x|y")).toEqual(["a2bx", "by"]);
      expect(await found("b", "=~", ".*")).toEqual(["a1", "a2bx", "by"]);
      expect(await found("b", "!~", "x.*")).toEqual(["a1", "by"]);
      expect(await found("b", "!~", "")).toEqual(["a2bx", "by"]);
    },
  },
  {
    name: "answers within inclusive bounds, series without a sample there left out",
    async write({ metrics }) {
      const samples = [0, 1, 2, 3].map((i) => [T0 + i * 3 * HOUR_MS, i] as const);
      await metrics.append(
        batchOf(
          seriesOf({ __name__: "contract_range", of: "a" }, samples),
          seriesOf({ __name__: "contract_range", of: "b" }, [[T0 + 9 * HOUR_MS, 9]]),
        ),
      );
    },
    async check({ metrics }) {
      const found = await metrics.select(
        [{ name: "__name__", op: "=", value: "contract_range" }],
        { startMs: T0 + 3 * HOUR_MS, endMs: T0 + 6 * HOUR_MS },
        NEVER,
      );
      expect(found.map(({ values }) => [...values])).toEqual([[1, 2]]);
      const matchers = [{ name: "__name__", op: "=", value: "contract_range" }] as const;
      const estimate = await metrics.estimate(matchers, { startMs: T0, endMs: T0 + 9 * HOUR_MS });
      expect(estimate.series).toBe(2);
      expect(estimate.samples).toBeGreaterThanOrEqual(5);
    },
  },
  {
    name: "answers the label browser, sorted",
    async write({ metrics }) {
      await metrics.append(
        batchOf(
          seriesOf({ __name__: "contract_browse", job: "b", zone: "1" }, [[T0, 1]]),
          seriesOf({ __name__: "contract_browse", job: "a" }, [[T0, 1]]),
        ),
      );
    },
    async check({ metrics }) {
      const selectors = [[{ name: "__name__", op: "=", value: "contract_browse" }]] as const;
      const range = { startMs: T0 - 1, endMs: T0 + 1 };
      expect(await metrics.labelNames(selectors, range)).toEqual(["__name__", "job", "zone"]);
      expect(await metrics.labelValues("job", selectors, range)).toEqual(["a", "b"]);
      expect(await metrics.labelValues("none", selectors, range)).toEqual([]);
      const series = await metrics.series(selectors, range);
      expect(series.map((labels) => labels.join(" "))).toEqual([
        "__name__ contract_browse job a",
        "__name__ contract_browse job b zone 1",
      ]);
      expect(await metrics.labelValues("__name__", [], range)).toContain("contract_browse");
    },
  },
  {
    name: "rejects with the reason of an aborted signal",
    async write() {},
    async check({ metrics }) {
      const reason = new Error("the caller left");
      const range = { startMs: T0, endMs: T0 };
      await expect(metrics.select([], range, AbortSignal.abort(reason))).rejects.toBe(reason);
    },
  },
  {
    name: "describes metric families",
    async write({ metrics }) {
      const entry = {
        name: "contract_described",
        type: "counter",
        unit: "s",
        help: "\n\n'x",
      } as const;
      await metrics.append({ series: [], metadata: [entry, entry], exemplars: [] });
    },
    async check({ metrics }) {
      expect((await metrics.metadata()).get("contract_described")).toEqual([
        { name: "contract_described", type: "counter", unit: "s", help: "\n\n'x" },
      ]);
    },
  },
  {
    name: "keeps exemplars by series and time, repeats once",
    async write({ metrics }) {
      const exemplar = (timestampMs: number) => ({
        seriesLabels: labelsFromRecord({ __name__: "contract_exemplar" }),
        labels: labelsFromRecord({ trace_id: "abc" }),
        value: 1,
        timestampMs,
      });
      const exemplars = [exemplar(T0 + 1), exemplar(T0 + 1), exemplar(T0)];
      await metrics.append({ series: [], metadata: [], exemplars });
    },
    async check({ metrics }) {
      const selectors = [[{ name: "__name__", op: "=", value: "contract_exemplar" }]] as const;
      const found = await metrics.exemplars(selectors, { startMs: T0, endMs: T0 + 1 });
      expect(found.map(({ timestampMs }) => timestampMs)).toEqual([T0, T0 + 1]);
    },
  },
];
