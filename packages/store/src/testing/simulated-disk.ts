import type { WalFile, WalFileSystem } from "../wal/wal-file-system.ts";

/** How a call fails: not at all done, or (a write) done in part. */
export type Fault = "EIO" | "ENOSPC" | "torn";

/** A seeded generator of numbers in [0, 1): mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface SimulatedFile {
  bytes: Buffer;
  /** Bytes that a power loss cannot take. */
  syncedLength: number;
}

/** A disk in memory whose calls can fail and whose power can go. */
export class SimulatedDisk implements WalFileSystem {
  readonly files = new Map<string, SimulatedFile>();
  private readonly random: () => number;
  /** Asked before each call, with its number from 1; `undefined` lets it succeed. */
  faultAt: (call: number) => Fault | undefined = () => undefined;
  calls = 0;

  constructor(random: () => number) {
    this.random = random;
  }

  /** What has not been synced is lost from a random byte on. */
  losePower(): void {
    for (const file of this.files.values()) {
      const unsynced = file.bytes.length - file.syncedLength;
      const kept = file.syncedLength + Math.floor(this.random() * (unsynced + 1));
      file.bytes = file.bytes.subarray(0, kept);
    }
  }

  private call(): Fault | undefined {
    this.calls++;
    return this.faultAt(this.calls);
  }

  private check(): void {
    const fault = this.call();
    if (fault) throw diskError(fault);
  }

  async makeDir(): Promise<void> {
    this.check();
  }

  async list(path: string): Promise<string[]> {
    this.check();
    return [...this.files.keys()]
      .filter((name) => name.startsWith(`${path}/`))
      .map((name) => name.slice(path.length + 1));
  }

  async read(path: string): Promise<Uint8Array> {
    this.check();
    return Buffer.from(this.file(path).bytes);
  }

  private file(path: string): SimulatedFile {
    const file = this.files.get(path);
    if (!file) throw Object.assign(new Error(`no file ${path}`), { code: "ENOENT" });
    return file;
  }

  async create(path: string): Promise<WalFile> {
    this.check();
    if (this.files.has(path)) throw Object.assign(new Error(path), { code: "EEXIST" });
    const file: SimulatedFile = { bytes: Buffer.alloc(0), syncedLength: 0 };
    this.files.set(path, file);
    return {
      append: async (parts) => this.append(file, Buffer.concat(parts)),
      sync: async () => {
        this.check();
        file.syncedLength = file.bytes.length;
      },
      truncate: async (length) => this.cut(file, length),
      close: async () => this.check(),
    };
  }

  private append(file: SimulatedFile, bytes: Buffer): void {
    const fault = this.call();
    const written = fault === "torn" ? Math.floor(this.random() * bytes.length) : bytes.length;
    if (!fault || fault === "torn") {
      file.bytes = Buffer.concat([file.bytes, bytes.subarray(0, written)]);
    }
    if (fault) throw diskError(fault);
  }

  private cut(file: SimulatedFile, length: number): void {
    this.check();
    file.bytes = file.bytes.subarray(0, length);
    file.syncedLength = Math.min(file.syncedLength, length);
  }

  async truncate(path: string, length: number): Promise<void> {
    this.cut(this.file(path), length);
  }

  async remove(path: string): Promise<void> {
    this.check();
    this.files.delete(path);
  }
}

function diskError(fault: Fault): Error {
  const code = fault === "torn" ? "EIO" : fault;
  return Object.assign(new Error(`simulated ${fault}`), { code });
}
