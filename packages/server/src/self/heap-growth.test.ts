import { expect, test } from "vitest";
import { LARGE_HEAP_BYTES, tightenLargeHeap } from "./heap-growth.ts";

/** A process whose collections the test makes. */
function fakeProcess() {
  const calls = new Set<() => void>();
  const flags: string[] = [];
  let heapBytes = 0;
  const ports = {
    onFullCollection: (call: () => void) => {
      calls.add(call);
      return () => void calls.delete(call);
    },
    heapBytes: () => heapBytes,
    setFlag: (flag: string) => void flags.push(flag),
  };
  const collect = (livingBytes: number): void => {
    heapBytes = livingBytes;
    for (const call of [...calls]) call();
  };
  return { ports, flags, collect };
}

test("a small heap grows as V8 likes", () => {
  const { ports, flags, collect } = fakeProcess();
  tightenLargeHeap(ports);
  collect(LARGE_HEAP_BYTES - 1);
  expect(flags).toEqual([]);
});

test("a large heap is held tighter, decided once", () => {
  const { ports, flags, collect } = fakeProcess();
  tightenLargeHeap(ports);
  collect(LARGE_HEAP_BYTES);
  collect(LARGE_HEAP_BYTES * 2);
  expect(flags).toEqual(["--heap-growing-percent=50"]);
});

test("after the stop nothing is decided", () => {
  const { ports, flags, collect } = fakeProcess();
  tightenLargeHeap(ports)();
  collect(LARGE_HEAP_BYTES);
  expect(flags).toEqual([]);
});
