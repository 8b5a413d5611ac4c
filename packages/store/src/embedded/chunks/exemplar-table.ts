import { type Exemplar, labelsFromPairs } from "@avx/model";
import { floats, stringMaps, uint64s } from "../../engine/block-access.ts";
import type { Engine } from "../../engine/engine.ts";
import type { NamedColumn } from "../../engine/native-columns.ts";
import type { WalPosition } from "../../wal/write-ahead-log.ts";

/** All exemplars that were in memory at one moment, in the order in which they came. */
export interface ExemplarSnapshot {
  readonly exemplars: readonly Exemplar[];
  /** Those of log records up to this one are among them. */
  readonly position: WalPosition;
}

/** What the engine has; nothing in a new directory. */
export async function loadExemplars(engine: Engine): Promise<ExemplarSnapshot> {
  const exemplars: Exemplar[] = [];
  let position = 0;
  const answer = await engine.query(
    `SELECT position, toFloat64(ms) AS timeMs, value, series, labels FROM avx.exemplars
     WHERE position = (SELECT max(position) FROM avx.exemplars) ORDER BY number`,
  );
  for (const block of answer) {
    const [series, labels] = [stringMaps(block, "series"), stringMaps(block, "labels")];
    for (let row = 0; row < block.rows; row++) {
      position = Number(uint64s(block, "position")[row]!);
      exemplars.push({
        seriesLabels: labelsFromPairs(series(row)),
        labels: labelsFromPairs(labels(row)),
        value: floats(block, "value")[row]!,
        timestampMs: floats(block, "timeMs")[row]!,
      });
    }
  }
  return { exemplars, position };
}

/** Takes the place of the snapshot before it; one insert is there whole or not at all. */
export async function storeExemplars(
  engine: Engine,
  { exemplars, position }: ExemplarSnapshot,
): Promise<void> {
  const rows = exemplars.length;
  const times = BigInt64Array.from(exemplars, ({ timestampMs }) => BigInt(Math.round(timestampMs)));
  const columns: NamedColumn[] = [
    {
      name: "position",
      column: {
        kind: "fixed",
        type: "UInt64",
        data: new BigUint64Array(rows).fill(BigInt(position)),
      },
    },
    {
      name: "number",
      column: { kind: "fixed", type: "UInt32", data: Uint32Array.from(exemplars, (_, i) => i) },
    },
    { name: "ms", column: { kind: "fixed", type: "Int64", data: times } },
    {
      name: "value",
      column: {
        kind: "fixed",
        type: "Float64",
        data: Float64Array.from(exemplars, ({ value }) => value),
      },
    },
    labelsColumn(
      "series",
      exemplars.map(({ seriesLabels }) => seriesLabels),
    ),
    labelsColumn(
      "labels",
      exemplars.map(({ labels }) => labels),
    ),
  ];
  const token = `exemplars-${position}`;
  await engine.insert({ table: "avx.exemplars", blocks: [{ columns, rows }], token });
  await dropEarlier(engine, position);
}

function labelsColumn(name: string, all: readonly (readonly string[])[]): NamedColumn {
  const keys: string[] = [];
  const values: string[] = [];
  const ends: number[] = [];
  for (const labels of all) {
    for (let i = 0; i < labels.length; i += 2) {
      keys.push(labels[i]!);
      values.push(labels[i + 1]!);
    }
    ends.push(keys.length);
  }
  return {
    name,
    column: {
      kind: "map",
      ends,
      keys: { kind: "string", data: keys },
      values: { kind: "string", data: values },
    },
  };
}

async function dropEarlier(engine: Engine, position: WalPosition): Promise<void> {
  const answer = await engine.query(
    "SELECT DISTINCT position FROM avx.exemplars WHERE position < {position:UInt64}",
    { position },
  );
  for (const block of answer) {
    for (const earlier of uint64s(block, "position")) {
      await engine.command(`ALTER TABLE avx.exemplars DROP PARTITION ${earlier}`);
    }
  }
}
