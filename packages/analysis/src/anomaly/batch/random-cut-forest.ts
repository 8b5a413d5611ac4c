import { requireInteger } from "../../analysis-error.ts";
import type { Random } from "../../random.ts";
import { RandomCutTree } from "./random-cut-tree.ts";

/** Tuning of a random cut forest. */
export interface RandomCutForestOptions {
  /** 40 by default. */
  readonly trees?: number;
  /** The latest points that every tree holds; 256 by default. */
  readonly windowPoints?: number;
  readonly random: Random;
}

/** Judges points one by one against the latest ones, and forgets the oldest. */
export interface RandomCutForest {
  /**
   * Takes a point in and gives its mean collusive displacement: about 1 to 10 for an ordinary one,
   * up to the number of points held for one far off. 0 for the first.
   */
  push(point: Float64Array): number;
}

/**
 * A streaming forest of robust random cut trees (Guha, Mishra, Roy and Schrijvers, ICML 2016). Points
 * must have the same length; for several metrics of one service, scale each to a like range first.
 */
export function createRandomCutForest(options: RandomCutForestOptions): RandomCutForest {
  const { trees = 40, windowPoints = 256, random } = options;
  requireInteger("trees", trees, 1);
  requireInteger("windowPoints", windowPoints, 2);
  const forest = Array.from({ length: trees }, () => {
    const tree = new RandomCutTree(random);
    return { tree, leaves: [] as ReturnType<RandomCutTree["insert"]>[] };
  });
  let count = 0;
  return {
    push(point) {
      const slot = count++ % windowPoints;
      let total = 0;
      for (const { tree, leaves } of forest) {
        const oldest = leaves[slot];
        if (oldest !== undefined) tree.remove(oldest);
        const leaf = tree.insert(point);
        leaves[slot] = leaf;
        total += tree.displacement(leaf);
      }
      return total / forest.length;
    },
  };
}
