import { describe, expect, it } from "vitest";
import { BoundedQueue } from "./bounded-queue.ts";

describe("BoundedQueue", () => {
  it("gives items in their order and keeps the newest when it is full", () => {
    const queue = new BoundedQueue<number>(3);
    for (const item of [1, 2, 3, 4, 5]) queue.push(item);
    expect(queue.dropped).toBe(2);
    expect(queue.take(2)).toEqual([3, 4]);
    queue.push(6);
    expect(queue.length).toBe(2);
    expect(queue.take(10)).toEqual([5, 6]);
    expect(queue.take(10)).toEqual([]);
  });
});
