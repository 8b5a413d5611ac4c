import type { Random } from "../../random.ts";

interface Leaf {
  parent: Branch | undefined;
  readonly point: Float64Array;
  /** Copies of the same point. */
  count: number;
}

interface Branch {
  parent: Branch | undefined;
  readonly column: number;
  readonly cut: number;
  left: TreeNode;
  right: TreeNode;
  count: number;
  low: Float64Array;
  high: Float64Array;
}

type TreeNode = Leaf | Branch;

/**
 * A robust random cut tree (Guha, Mishra, Roy and Schrijvers, ICML 2016): points can be put in and
 * taken out, and at any time the tree is distributed as if it had been grown from those it holds.
 */
export class RandomCutTree {
  #root: TreeNode | undefined;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** How many points it holds, copies included. */
  get size(): number {
    return this.#root?.count ?? 0;
  }

  /** Puts a point in (algorithm 2 of the paper); the returned leaf names it from then on. */
  insert(point: Float64Array): Leaf {
    const leaf: Leaf = { parent: undefined, point, count: 1 };
    if (this.#root === undefined) {
      this.#root = leaf;
      return leaf;
    }
    const twin = this.#find(point);
    if (twin !== undefined) {
      for (let node: TreeNode | undefined = twin; node; node = node.parent) node.count++;
      return twin;
    }
    let node: TreeNode = this.#root;
    for (;;) {
      const cut = this.#cutOff(node, point);
      if (cut !== undefined) {
        this.#join(node, leaf, cut);
        return leaf;
      }
      // A leaf that is no twin is always cut off, so this node is a branch.
      const branch = node as Branch;
      node = point[branch.column]! <= branch.cut ? branch.left : branch.right;
    }
  }

  /** Takes one copy of a point out (algorithm 1 of the paper). */
  remove(leaf: Leaf): void {
    const parent = leaf.parent;
    if (leaf.count > 1) {
      for (let node: TreeNode | undefined = leaf; node; node = node.parent) node.count--;
      return;
    }
    if (parent === undefined) {
      this.#root = undefined;
      return;
    }
    const sibling = parent.left === leaf ? parent.right : parent.left;
    this.#replace(parent, sibling);
    for (let node = sibling.parent; node; node = node.parent) {
      node.count--;
      refit(node);
    }
  }

  /**
   * Collusive displacement: how many points would move up for each point removed, were this one
   * taken out together with its neighbours, at the best choice of neighbours.
   */
  displacement(leaf: Leaf): number {
    let most = 0;
    for (let node: TreeNode = leaf; node.parent !== undefined; node = node.parent) {
      const sibling = node.parent.left === node ? node.parent.right : node.parent.left;
      most = Math.max(most, sibling.count / node.count);
    }
    return most;
  }

  #find(point: Float64Array): Leaf | undefined {
    let node = this.#root;
    while (node !== undefined && "cut" in node) {
      node = point[node.column]! <= node.cut ? node.left : node.right;
    }
    return node?.point.every((value, i) => value === point[i]) ? node : undefined;
  }

  /** A random cut of the box around node and point, if it separates the two. */
  #cutOff(node: TreeNode, point: Float64Array): { column: number; cut: number } | undefined {
    const { low, high } = boxOf(node);
    let position = 0;
    for (const [i, value] of point.entries()) {
      position += Math.max(high[i]!, value) - Math.min(low[i]!, value);
    }
    position *= this.#random.uniform();
    for (const [column, value] of point.entries()) {
      const start = Math.min(low[column]!, value);
      const span = Math.max(high[column]!, value) - start;
      if (position <= span && span > 0) {
        const cut = start + position;
        const isApart =
          (value <= cut && cut < low[column]!) || (value > cut && cut >= high[column]!);
        return isApart ? { column, cut } : undefined;
      }
      position -= span;
    }
    return undefined;
  }

  #join(node: TreeNode, leaf: Leaf, { column, cut }: { column: number; cut: number }): void {
    const isLeft = leaf.point[column]! <= cut;
    const { low, high } = boxOf(node);
    const branch: Branch = {
      ...{ parent: undefined, column, cut, count: node.count + 1 },
      left: isLeft ? leaf : node,
      right: isLeft ? node : leaf,
      low: low.map((value, i) => Math.min(value, leaf.point[i]!)),
      high: high.map((value, i) => Math.max(value, leaf.point[i]!)),
    };
    this.#replace(node, branch);
    node.parent = branch;
    leaf.parent = branch;
    for (let above = branch.parent; above; above = above.parent) {
      above.count++;
      refit(above);
    }
  }

  #replace(old: TreeNode, node: TreeNode): void {
    const parent = old.parent;
    node.parent = parent;
    if (parent === undefined) this.#root = node;
    else if (parent.left === old) parent.left = node;
    else parent.right = node;
  }
}

function boxOf(node: TreeNode): { low: Float64Array; high: Float64Array } {
  return "cut" in node ? node : { low: node.point, high: node.point };
}

function refit(branch: Branch): void {
  const left = boxOf(branch.left);
  const right = boxOf(branch.right);
  branch.low = left.low.map((value, i) => Math.min(value, right.low[i]!));
  branch.high = left.high.map((value, i) => Math.max(value, right.high[i]!));
}
