import type { Engine, Insert } from "../engine/engine.ts";
import type { NativeBlock, ReadColumn } from "../engine/native-reader.ts";

/** A row as the event tables see it: the identity of its batch and its day. */
interface StoredRow {
  readonly identity: bigint;
  readonly day: number;
}

const NANOS_PER_DAY = 86_400_000_000_000n;

function fixed(data: BigUint64Array | Uint32Array): ReadColumn {
  return { kind: "fixed", data };
}

/** An engine that only knows which batches it has on which days, and whose inserts can fail. */
export class FakeEventEngine implements Engine {
  readonly rows: StoredRow[] = [];
  readonly isUp = true;
  readonly restarts = 0;
  readonly pid = 0;
  /** Asked at each insert: fail before anything is done, after all is done (a lost answer), or not. */
  fault: () => "before" | "after" | undefined = () => undefined;
  inserts = 0;

  async query(): Promise<NativeBlock[]> {
    const identities = BigUint64Array.from(this.rows, ({ identity }) => identity);
    const days = Uint32Array.from(this.rows, ({ day }) => day);
    const columns = new Map([
      ["AvxBatch", fixed(identities)],
      ["day", fixed(days)],
    ]);
    return this.rows.length === 0 ? [] : [{ rows: this.rows.length, columns }];
  }

  queryBulk(): Promise<NativeBlock[]> {
    return this.query();
  }

  async command(): Promise<void> {}

  async insert({ blocks }: Insert): Promise<void> {
    this.inserts++;
    const fault = this.fault();
    if (fault === "before") throw new Error("simulated engine failure");
    for (const block of blocks) {
      if ("encoded" in block) throw new Error("the fake engine reads no encoded blocks");
      const { columns } = block;
      const data = (name: string) => {
        const column = columns.find((one) => one.name === name)?.column;
        return column?.kind === "fixed" ? [...column.data] : [];
      };
      const times = data("Timestamp");
      data("AvxBatch").forEach((identity, i) => {
        const day = Number(BigInt(times[i]!) / NANOS_PER_DAY);
        this.rows.push({ identity: BigInt(identity), day });
      });
    }
    if (fault === "after") throw new Error("simulated lost answer");
  }

  async stop(): Promise<void> {}
}
