import type { Labels } from "@avx/model";
import { evaluationError } from "../evaluator/evaluation-error.ts";
import { labelsText } from "../evaluator/labels-text.ts";
import { ABSENT, type SeriesColumn } from "../evaluator/value.ts";
import type { VectorMatching } from "../parser/ast.ts";
import { matchLabels } from "./match-signature.ts";

/** No series of the "one" side at this step. */
export const NOBODY = -1;

/** Which series of the "one" side stands for a match group at a step. */
export interface OneSide {
  /** The index of the series at step `i` for match group `group`, or NOBODY. */
  at(group: number, i: number): number;
  /** Whether the group has any series on this side. */
  has(group: number): boolean;
  /** The one series of a group that has no other; undefined for all other groups. */
  single(group: number): number | undefined;
}

/** What the "one" side is made of. */
export interface OneSideInput {
  readonly series: readonly SeriesColumn[];
  /** Match group of each series. */
  readonly groups: Int32Array;
  readonly matching: VectorMatching;
  /** Whether an operation takes place at step `i` at all; without one, duplicates are no error. */
  readonly takesPlaceAt: (i: number) => boolean;
}

/** Prepares the "one" side; fails when a match group has two samples at the same step. */
export function oneSide(input: OneSideInput): OneSide {
  const members = new Map<number, number[]>();
  input.series.forEach((_, s) => {
    const group = input.groups[s]!;
    const list = members.get(group);
    if (list) list.push(s);
    else members.set(group, [s]);
  });
  const single = new Map<number, number>();
  const perStep = new Map<number, Int32Array>();
  for (const [group, list] of members) {
    if (list.length === 1) single.set(group, list[0]!);
    else perStep.set(group, resolved(list, input));
  }
  return {
    has: (group) => members.has(group),
    single: (group) => single.get(group),
    at(group, i) {
      const only = single.get(group);
      if (only !== undefined) return input.series[only]!.present[i] === ABSENT ? NOBODY : only;
      return perStep.get(group)?.[i] ?? NOBODY;
    },
  };
}

/** Several series share a match group: right as long as each step has at most one of them. */
function resolved(members: readonly number[], input: OneSideInput): Int32Array {
  const steps = input.series[members[0]!]!.present.length;
  const chosen = new Int32Array(steps).fill(NOBODY);
  for (const s of members) {
    const { present, labels } = input.series[s]!;
    for (let i = 0; i < steps; i++) {
      if (present[i] === ABSENT) continue;
      const other = chosen[i]!;
      if (other !== NOBODY && input.takesPlaceAt(i)) {
        throw duplicateOnOneSide(labels, input.series[other]!.labels, input.matching);
      }
      chosen[i] = s;
    }
  }
  return chosen;
}

function duplicateOnOneSide(a: Labels, b: Labels, matching: VectorMatching) {
  const side = matching.cardinality === "one-to-many" ? "left" : "right";
  const group = labelsText(matchLabels(matching)(a));
  const duplicates = [labelsText(a), labelsText(b)].sort().join(", ");
  return evaluationError(
    `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: ` +
      `[${duplicates}];many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}
