import { describe, it } from "vitest";
import type { Store } from "../store.ts";
import { DELETION_CASES } from "./deletion-cases.ts";
import { LOG_AND_DOCUMENT_CASES, TRACE_CASES } from "./event-cases.ts";
import { SAMPLE_CASES } from "./sample-cases.ts";
import { SELECTION_CASES } from "./selection-cases.ts";
import type { StoreCase } from "./store-case.ts";

/** What every store must do, whatever it is made of. */
export const STORE_CASES: readonly StoreCase[] = [
  ...SAMPLE_CASES,
  ...SELECTION_CASES,
  ...TRACE_CASES,
  ...LOG_AND_DOCUMENT_CASES,
  ...DELETION_CASES,
];

/** Something that an adapter does with its data, after which all must still hold. */
export interface StoreStage {
  readonly name: string;
  /** Brings the store there; its answer is the store to go on with. */
  reach(store: Store): Promise<Store>;
}

/** Declares the suite: all cases are written and checked, then checked again at each stage. */
export function describeStoreContract(
  name: string,
  open: () => Promise<Store>,
  stages: readonly StoreStage[],
): { current(): Store } {
  let store: Store;
  describe(`${name} keeps the contract`, () => {
    it("opens", async () => {
      store = await open();
    });
    for (const one of STORE_CASES) {
      it(one.name, async () => {
        await one.write(store);
        await one.check(store);
      });
    }
    for (const stage of stages) {
      it(`reaches: ${stage.name}`, async () => {
        store = await stage.reach(store);
      });
      for (const one of STORE_CASES) it(`${stage.name}: ${one.name}`, () => one.check(store));
    }
  });
  return { current: () => store };
}
