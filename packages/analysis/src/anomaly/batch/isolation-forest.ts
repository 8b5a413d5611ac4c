import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import type { Random } from "../../random.ts";

/** Tuning of an isolation forest. */
export interface IsolationForestOptions {
  /** 100 by default, as in the paper. */
  readonly trees?: number;
  /** Rows that a tree is grown from; 256 by default, as in the paper. */
  readonly sampleRows?: number;
  readonly random: Random;
}

/** A forest that tells how easily a row is separated from those it was grown from. */
export interface IsolationForest {
  /** Between 0 and 1: about 0.5 for an ordinary row, near 1 for one that a few cuts isolate. */
  score(row: Float64Array): number;
}

type Node =
  | { readonly size: number }
  | {
      readonly column: number;
      readonly cut: number;
      readonly left: Node;
      readonly right: Node;
    };

/** Euler and Mascheroni's constant, for the harmonic numbers. */
const EULER_GAMMA = 0.5772156649015329;

/**
 * Grows an isolation forest (Liu, Ting and Zhou, ICDM 2008) from rows of equal length. Throws
 * `insufficient_data` for fewer than two rows.
 */
export function growIsolationForest(
  rows: readonly Float64Array[],
  options: IsolationForestOptions,
): IsolationForest {
  const { trees = 100, sampleRows = 256, random } = options;
  requireInteger("trees", trees, 1);
  requireInteger("sampleRows", sampleRows, 2);
  if (rows.length < 2) {
    throw new AnalysisError("insufficient_data", { have: rows.length, needed: 2 });
  }
  const size = Math.min(sampleRows, rows.length);
  const depthLimit = Math.ceil(Math.log2(size));
  const forest = Array.from({ length: trees }, () =>
    growTree(drawWithoutReplacement(rows, size, random), depthLimit, random),
  );
  return {
    score(row) {
      const total = forest.reduce((sum, tree) => sum + pathLength(tree, row), 0);
      return 2 ** (-total / forest.length / averagePathLength(size));
    },
  };
}

function growTree(rows: readonly Float64Array[], depthLeft: number, random: Random): Node {
  const columns = depthLeft === 0 || rows.length < 2 ? [] : varyingColumns(rows);
  if (columns.length === 0) return { size: rows.length };
  const { column, low, high } = columns[random.integer(columns.length)]!;
  const cut = low + random.uniform() * (high - low);
  const left = rows.filter((row) => row[column]! <= cut);
  const right = rows.filter((row) => row[column]! > cut);
  return {
    column,
    cut,
    left: growTree(left, depthLeft - 1, random),
    right: growTree(right, depthLeft - 1, random),
  };
}

function varyingColumns(rows: readonly Float64Array[]) {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, column) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const row of rows) {
      low = Math.min(low, row[column]!);
      high = Math.max(high, row[column]!);
    }
    return { column, low, high };
  }).filter(({ low, high }) => high > low);
}

function pathLength(tree: Node, row: Float64Array): number {
  let node = tree;
  let depth = 0;
  while ("cut" in node) {
    node = row[node.column]! <= node.cut ? node.left : node.right;
    depth++;
  }
  return depth + averagePathLength(node.size);
}

/** Mean depth of an unsuccessful search in a binary tree of `size` rows (equation 1 of the paper). */
export function averagePathLength(size: number): number {
  if (size < 2) return 0;
  if (size === 2) return 1;
  return 2 * (Math.log(size - 1) + EULER_GAMMA) - (2 * (size - 1)) / size;
}

/** Fisher and Yates' shuffle, stopped after `size` rows. */
function drawWithoutReplacement<T>(rows: readonly T[], size: number, random: Random): T[] {
  const pool = [...rows];
  for (let i = 0; i < size; i++) {
    const other = i + random.integer(pool.length - i);
    const drawn = pool[other]!;
    pool[other] = pool[i]!;
    pool[i] = drawn;
  }
  return pool.slice(0, size);
}
