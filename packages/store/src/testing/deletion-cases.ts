import type { Matcher } from "@avx/model";
import { expect } from "vitest";
import type { Store } from "../store.ts";
import { batchOf, readMetric, seriesOf, T0 } from "./sample-data.ts";
import type { StoreCase } from "./store-case.ts";

const SECOND_MS = 1000;
const EVER = { startMs: -8.64e15, endMs: 8.64e15 };

const named = (name: string): Matcher[] => [{ name: "__name__", op: "=", value: name }];

const everySecond = (name: string, seconds: readonly number[]) =>
  batchOf(
    seriesOf(
      { __name__: name },
      seconds.map((second) => [T0 + second * SECOND_MS, second]),
    ),
  );

async function secondsOf(store: Store, name: string): Promise<number[]> {
  return (await readMetric(store, name)).flatMap(({ timestampsMs, values }) => {
    expect([...timestampsMs]).toEqual(Array.from(values, (second) => T0 + second * SECOND_MS));
    return [...values];
  });
}

/** Deletion by an operator. */
export const DELETION_CASES: readonly StoreCase[] = [
  {
    name: "deletes what a range had, and keeps what comes for it later",
    async write({ metrics, admin }) {
      for (const name of ["part", "whole", "other"]) {
        await metrics.append(everySecond(`contract_deleted_${name}`, [0, 1, 2, 3, 4]));
      }
      const range = { startMs: T0 + SECOND_MS, endMs: T0 + 3 * SECOND_MS };
      await admin.deleteSeries([named("contract_deleted_part"), named("nothing_has_it")], range);
      await admin.deleteSeries([named("contract_deleted_whole")], EVER);
      await metrics.append(everySecond("contract_deleted_part", [2]));
      await admin.cleanTombstones();
    },
    async check(store) {
      expect(await secondsOf(store, "contract_deleted_part")).toEqual([0, 2, 4]);
      expect(await secondsOf(store, "contract_deleted_whole")).toEqual([]);
      expect(await secondsOf(store, "contract_deleted_other")).toEqual([0, 1, 2, 3, 4]);
      const names = await store.metrics.labelValues("__name__", [], EVER);
      expect(names.filter((name) => name.startsWith("contract_deleted"))).toEqual([
        "contract_deleted_other",
        "contract_deleted_part",
      ]);
    },
  },
];
