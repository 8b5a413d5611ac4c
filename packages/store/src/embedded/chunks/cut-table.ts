import { floats } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import type { WalPosition } from "../../wal/write-ahead-log.ts";

/** Up to which record of the log the engine has all samples of a block. */
export async function loadCuts(engine: Engine): Promise<Map<number, WalPosition>> {
  const cuts = new Map<number, WalPosition>();
  const answer = await engine.query(
    "SELECT toFloat64(block) AS blockMs, toFloat64(max(position)) AS p FROM avx.cuts GROUP BY block",
  );
  for (const block of answer) {
    const blockMs = floats(block, "blockMs");
    for (let row = 0; row < block.rows; row++) cuts.set(blockMs[row]!, floats(block, "p")[row]!);
  }
  return cuts;
}

/** Notes it for these blocks. */
export async function insertCuts(
  engine: Engine,
  blocks: readonly number[],
  position: WalPosition,
): Promise<void> {
  const starts = BigInt64Array.from(blocks, BigInt);
  const positions = new BigUint64Array(blocks.length).fill(BigInt(position));
  const columns: NamedColumn[] = [
    { name: "block", column: { kind: "fixed", type: "Int64", data: starts } },
    { name: "position", column: { kind: "fixed", type: "UInt64", data: positions } },
  ];
  const token = `cuts-${position}-${blocks.join("-")}`;
  await engine.insert({ table: "avx.cuts", blocks: [{ columns, rows: blocks.length }], token });
}
