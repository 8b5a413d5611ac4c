import type { Store } from "../store.ts";

/**
 * One behaviour that every store has. Cases share a store, so each has names of its own. `check`
 * runs more than once: right after `write`, and after whatever else an adapter does with its data.
 */
export interface StoreCase {
  readonly name: string;
  write(store: Store): Promise<void>;
  check(store: Store): Promise<void>;
}
