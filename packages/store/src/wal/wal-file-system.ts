import { mkdir, open, readdir, readFile, truncate, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** One file that is only appended to. */
export interface WalFile {
  /** Appends all bytes or rejects; after a rejection any part of them may be in the file. */
  append(parts: readonly Uint8Array[]): Promise<void>;
  /** Resolves when everything appended survives a power loss. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** What the log asks of the file system; tests inject one whose calls fail. */
export interface WalFileSystem {
  makeDir(path: string): Promise<void>;
  list(path: string): Promise<readonly string[]>;
  read(path: string): Promise<Uint8Array>;
  /** Creates the file, which must not exist, durably. */
  create(path: string): Promise<WalFile>;
  truncate(path: string, length: number): Promise<void>;
  remove(path: string): Promise<void>;
}

/** The real file system. */
export const NODE_FILE_SYSTEM: WalFileSystem = {
  async makeDir(path) {
    await mkdir(path, { recursive: true });
  },
  list: (path) => readdir(path),
  read: (path) => readFile(path),
  async create(path) {
    const handle = await open(path, "ax");
    await syncDirectory(dirname(path));
    return {
      async append(parts) {
        const total = parts.reduce((sum, part) => sum + part.length, 0);
        const { bytesWritten } = await handle.writev([...parts]);
        if (bytesWritten < total) throw new Error(`short write: ${bytesWritten} of ${total} bytes`);
      },
      sync: () => handle.datasync(),
      truncate: (length) => handle.truncate(length),
      close: () => handle.close(),
    };
  },
  truncate,
  remove: unlink,
};

/** Makes a new name in the directory survive a power loss. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
