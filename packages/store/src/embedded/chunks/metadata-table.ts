import type { MetricMetadata, MetricType } from "@avx/model";
import { strings } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";

/** Type, unit and help of all metric families, the newest description last. */
export async function loadMetadata(engine: Engine): Promise<MetricMetadata[]> {
  const entries: MetricMetadata[] = [];
  const sql = "SELECT name, type, unit, help FROM avx.metadata FINAL ORDER BY written";
  for (const block of await engine.query(sql)) {
    for (let row = 0; row < block.rows; row++) {
      entries.push({
        name: strings(block, "name").text(row),
        // Proof of the `as`: insertMetadata wrote it, from the same type.
        type: strings(block, "type").text(row) as MetricType,
        unit: strings(block, "unit").text(row),
        help: strings(block, "help").text(row),
      });
    }
  }
  return entries;
}

/** Adds descriptions; `order` grows from one call to the next. */
export async function insertMetadata(
  engine: Engine,
  metadata: readonly MetricMetadata[],
  order: number,
): Promise<void> {
  const text = (name: "name" | "type" | "unit" | "help"): NamedColumn => ({
    name,
    column: { kind: "string", data: metadata.map((entry) => entry[name]) },
  });
  const written = new BigUint64Array(metadata.length).fill(BigInt(order));
  const columns: NamedColumn[] = [
    text("name"),
    text("type"),
    text("unit"),
    text("help"),
    { name: "written", column: { kind: "fixed", type: "UInt64", data: written } },
  ];
  const token = `metadata-${crypto.randomUUID()}`;
  const block = { columns, rows: metadata.length };
  await engine.insert({ table: "avx.metadata", blocks: [block], token });
}
