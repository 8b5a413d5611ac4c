import { AnalysisError, requireInteger } from "../../analysis-error.ts";
import type { Random } from "../../random.ts";

/** Tuning of k-means. */
export interface KMeansOptions {
  readonly clusters: number;
  readonly random: Random;
  /** Centres to begin with, in place of k-means++. */
  readonly start?: readonly Float64Array[];
  /** Rounds at most; it nearly always settles in a dozen. 100 by default. */
  readonly mostRounds?: number;
}

/**
 * Centres of clusters by Lloyd's algorithm (1982), begun by k-means++ (Arthur and Vassilvitskii
 * 2007). Rows have equal lengths. Throws `insufficient_data` for fewer rows than clusters.
 */
export function kMeansCenters(
  rows: readonly Float64Array[],
  options: KMeansOptions,
): Float64Array[] {
  const { clusters, random, mostRounds = 100 } = options;
  requireInteger("clusters", clusters, 1);
  if (rows.length < clusters) {
    throw new AnalysisError("insufficient_data", { have: rows.length, needed: clusters });
  }
  let centers = options.start?.slice() ?? spreadCenters(rows, clusters, random);
  for (let round = 0; round < mostRounds; round++) {
    const members = centers.map((): Float64Array[] => []);
    for (const row of rows) members[nearestCenter(row, centers).index]!.push(row);
    const next = members.map((group, i) => (group.length > 0 ? meanRow(group) : centers[i]!));
    const isSettled = next.every((center, i) => squaredDistance(center, centers[i]!) === 0);
    centers = next;
    if (isSettled) break;
  }
  return centers;
}

/** The nearest centre and its Euclidean distance. */
export function nearestCenter(row: Float64Array, centers: readonly Float64Array[]) {
  let index = 0;
  let best = Number.POSITIVE_INFINITY;
  for (const [i, center] of centers.entries()) {
    const distance = squaredDistance(row, center);
    if (distance < best) {
      best = distance;
      index = i;
    }
  }
  return { index, distance: Math.sqrt(best) };
}

/** k-means++: each next centre is a row, drawn by its squared distance from those chosen. */
function spreadCenters(rows: readonly Float64Array[], clusters: number, random: Random) {
  const centers = [rows[random.integer(rows.length)]!];
  while (centers.length < clusters) {
    const weights = rows.map((row) => nearestCenter(row, centers).distance ** 2);
    let position = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
    const chosen = weights.findIndex((weight) => {
      position -= weight;
      return position < 0;
    });
    centers.push(rows[chosen < 0 ? random.integer(rows.length) : chosen]!);
  }
  return centers;
}

function meanRow(rows: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) for (const [i, value] of row.entries()) sum[i] = sum[i]! + value;
  return sum.map((value) => value / rows.length);
}

function squaredDistance(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += (one[i]! - other[i]!) ** 2;
  return sum;
}
