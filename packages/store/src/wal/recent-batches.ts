import { hash } from "node:crypto";

/** Batches remembered: a sender repeats one within minutes, and this is minutes at 100 a second. */
const REMEMBERED_BATCHES = 50_000;

/** What tells a batch from another: 64 bits of the hash of its bytes. Equal bytes are a repeat. */
export function batchIdentity(payload: Uint8Array): bigint {
  return hash("sha1", payload, "buffer").readBigUInt64LE(0);
}

/** The identities of the last batches, so that a repeated one is taken once. */
export class RecentBatches {
  private readonly known = new Set<bigint>();

  has(identity: bigint): boolean {
    return this.known.has(identity);
  }

  add(identity: bigint): void {
    this.known.add(identity);
    if (this.known.size <= REMEMBERED_BATCHES) return;
    // A Set keeps the order of insertion: the first is the oldest.
    for (const oldest of this.known) {
      this.known.delete(oldest);
      return;
    }
  }

  /** Lets a batch in again whose write failed. */
  delete(identity: bigint): void {
    this.known.delete(identity);
  }
}
