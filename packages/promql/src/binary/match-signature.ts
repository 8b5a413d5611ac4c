import { dropLabels, keepLabels, type Labels, labelsKey, METRIC_NAME } from "@avx/model";
import type { SeriesColumn } from "../evaluator/value.ts";
import type { VectorMatching } from "../parser/ast.ts";

/** Series of both sides with equal match labels have the same number. */
export interface MatchedSides {
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly count: number;
}

/** The labels that two series are matched by. */
export function matchLabels(matching: VectorMatching): (labels: Labels) => Labels {
  if (matching.on) {
    const names = new Set(matching.labels);
    return (labels) => keepLabels(labels, names);
  }
  const names = new Set([...matching.labels, METRIC_NAME]);
  return (labels) => dropLabels(labels, names);
}

/** Numbers the match groups of two vectors. */
export function numberSignatures(
  left: readonly SeriesColumn[],
  right: readonly SeriesColumn[],
  matching: VectorMatching,
): MatchedSides {
  const labelsOf = matchLabels(matching);
  const numbers = new Map<string, number>();
  const numberOf = ({ labels }: SeriesColumn): number => {
    const key = labelsKey(labelsOf(labels));
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, numbers.size);
    return numbers.size - 1;
  };
  return {
    left: Int32Array.from(left, numberOf),
    right: Int32Array.from(right, numberOf),
    count: numbers.size,
  };
}
