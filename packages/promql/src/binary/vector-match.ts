import { type Labels, labelsKey } from "@avx/model";
import type { Annotation } from "../evaluator/annotations.ts";
import { evaluationError } from "../evaluator/evaluation-error.ts";
import type { BinaryNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import { collected } from "../evaluator/series-labels.ts";
import {
  ABSENT,
  type ColumnWriter,
  HISTOGRAM,
  isEmptyColumn,
  newColumn,
  putFloat,
  putHistogram,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import type { VectorMatching } from "../parser/ast.ts";
import { arithmetic, comparison, type FloatOperation } from "./float-operation.ts";
import { type Operand, operateOnHistograms } from "./histogram-operation.ts";
import { matchLabels, numberSignatures } from "./match-signature.ts";
import { NOBODY, type OneSide, oneSide } from "./one-side.ts";
import { resultLabels } from "./result-labels.ts";

/** Two vectors and how they are matched. */
export interface MatchOperands {
  readonly left: VectorValue;
  readonly right: VectorValue;
  readonly matching: VectorMatching;
}

/**
 * Arithmetic and comparison between two vectors. Internally the sides are "many" and "one":
 * for one-to-many (`group_right`) they are swapped, and swapped back when values are calculated.
 */
export async function vectorVector(
  node: BinaryNode,
  { left, right, matching }: MatchOperands,
  run: QueryRun,
): Promise<VectorValue> {
  const fills = matching.fillLeft !== undefined || matching.fillRight !== undefined;
  if (!fills && (left.series.length === 0 || right.series.length === 0)) {
    return { kind: "vector", series: [] };
  }
  const swapped = matching.cardinality === "one-to-many";
  const many = (swapped ? right : left).series;
  const one = (swapped ? left : right).series;
  const numbers = numberSignatures(many, one, matching);
  const ones = oneSide({
    series: one,
    groups: numbers.right,
    matching,
    takesPlaceAt: (i) => fills || many.some(({ present }) => present[i] !== ABSENT),
  });
  const matcher = new VectorMatcher({ node, matching, run, swapped });
  for (let s = 0; s < many.length; s++) {
    const due = run.breathe();
    if (due) await due;
    matcher.matchMany(many[s]!, numbers.left[s]!, { ones, one });
  }
  if (matching.fillLeft !== undefined) {
    for (let s = 0; s < one.length; s++) matcher.fillUnmatched(one[s]!, numbers.right[s]!);
  }
  return { kind: "vector", series: collected(matcher.finish(), run) };
}

interface MatcherSetup {
  readonly node: BinaryNode;
  readonly matching: VectorMatching;
  readonly run: QueryRun;
  readonly swapped: boolean;
}

interface OneSeries {
  readonly ones: OneSide;
  readonly one: readonly SeriesColumn[];
}

/** The result under construction: one output per label set, and what was matched already. */
class VectorMatcher {
  readonly #setup: MatcherSetup;
  readonly #labelsOf: (many: Labels, one: Labels) => Labels;
  readonly #matchLabels: (labels: Labels) => Labels;
  readonly #outputs = new Map<string, Output>();
  /** Per match group (and, when grouping, per result): the steps that have a match. */
  readonly #matched = new Map<string, Uint8Array>();
  readonly #matchedGroups = new Map<number, Uint8Array>();
  /** The last remark of each step: Prometheus keeps one per operation and step. */
  readonly #remarks = new Map<number, Annotation>();
  readonly #calculate: FloatOperation | undefined;
  readonly #compare: FloatOperation | undefined;

  constructor(setup: MatcherSetup) {
    this.#setup = setup;
    const { node, matching, run } = setup;
    this.#calculate = arithmetic(node.op);
    this.#compare = comparison(node.op);
    const dropsNow = node.returnBool && !run.options.delayedNameRemoval;
    this.#labelsOf = resultLabels(matching, dropsNow || this.#calculate !== undefined);
    this.#matchLabels = matchLabels(matching);
  }

  /** Matches one series of the "many" side at every step. */
  matchMany(many: SeriesColumn, group: number, { ones, one }: OneSeries): void {
    const { fillRight } = this.#setup.matching;
    if (fillRight === undefined && !ones.has(group)) return;
    const single = ones.single(group);
    if (fillRight === undefined && single !== undefined) {
      const only = one[single]!;
      if (!many.histograms && !only.histograms && (this.#calculate || this.#compare)) {
        this.#matchFloats(many, only, this.#outputOf(many.labels, only.labels, group));
        return;
      }
    }
    let partner = NOBODY;
    let output: Output | undefined;
    let filled: Output | undefined;
    for (let i = 0; i < many.present.length; i++) {
      if (many.present[i] === ABSENT) continue;
      const at = ones.at(group, i);
      if (at === NOBODY) {
        if (fillRight === undefined) continue;
        filled ??= this.#outputOf(many.labels, this.#matchLabels(many.labels), group);
        this.#operate(filled, { many: elementAt(many, i), one: fillRight, i });
        continue;
      }
      if (!output || at !== partner) {
        partner = at;
        output = this.#outputOf(many.labels, one[at]!.labels, group);
      }
      this.#operate(output, { many: elementAt(many, i), one: elementAt(one[at]!, i), i });
    }
  }

  /** The common case, without an object a sample: two series that only have floats. */
  #matchFloats(many: SeriesColumn, one: SeriesColumn, output: Output): void {
    const { swapped } = this.#setup;
    const left = swapped ? one : many;
    const right = swapped ? many : one;
    for (let i = 0; i < many.present.length; i++) {
      if (many.present[i] === ABSENT || one.present[i] === ABSENT) continue;
      this.#mark(output, i);
      this.#operateFloats(output, i, [left.values[i]!, right.values[i]!]);
    }
  }

  /** `fill_left`: a series of the "one" side meets the fill value where nothing matched it. */
  fillUnmatched(one: SeriesColumn, group: number): void {
    const { fillLeft } = this.#setup.matching;
    if (fillLeft === undefined) return;
    const matched = this.#matchedGroups.get(group)?.slice();
    let output: Output | undefined;
    for (let i = 0; i < one.present.length; i++) {
      if (one.present[i] === ABSENT || matched?.[i] === 1) continue;
      output ??= this.#outputOf(this.#matchLabels(one.labels), one.labels, group);
      this.#operate(output, { many: fillLeft, one: elementAt(one, i), i });
    }
  }

  /** The finished series; remarks are given now. */
  finish(): SeriesColumn[] {
    const { run, node } = this.#setup;
    for (const remark of this.#remarks.values()) run.annotate(remark);
    return [...this.#outputs.values()]
      .filter(({ column }) => !isEmptyColumn(column))
      .map(({ column, labels }) => seriesOf(column, { labels, dropName: node.returnBool }));
  }

  #outputOf(many: Labels, one: Labels, group: number): Output {
    const { run, matching } = this.#setup;
    const labels = this.#labelsOf(many, one);
    const key = labelsKey(labels);
    const oneToOne = matching.cardinality === "one-to-one";
    const matched = marksOf(this.#matched, oneToOne ? `${group}` : `${group} ${key}`, run);
    const groupMatched = marksOf(this.#matchedGroups, group, run);
    const known = this.#outputs.get(key);
    if (known) return { ...known, matched, groupMatched };
    run.budget.claim(run.steps.count);
    const output = { labels, column: newColumn(run.steps.count), matched, groupMatched };
    this.#outputs.set(key, output);
    return output;
  }

  #operate(output: Output, pair: Pair): void {
    const { swapped, node } = this.#setup;
    const { i } = pair;
    const left = swapped ? pair.one : pair.many;
    const right = swapped ? pair.many : pair.one;
    const hasFloatOperation = this.#calculate || this.#compare;
    if (hasFloatOperation && typeof left === "number" && typeof right === "number") {
      this.#mark(output, i);
      this.#operateFloats(output, i, [left, right]);
      return;
    }
    const outcome = operateOnHistograms(left, right, node);
    if (outcome.remark) this.#remarks.set(i, outcome.remark);
    if (outcome.failed) return;
    this.#mark(output, i);
    if (node.returnBool) this.#put(output, i, outcome.holds ? 1 : 0);
    else if (outcome.holds && outcome.histogram) this.#put(output, i, outcome.histogram);
  }

  #operateFloats(output: Output, i: number, [left, right]: readonly [number, number]): void {
    if (this.#calculate) this.#put(output, i, this.#calculate(left, right));
    else if (this.#compare) {
      const holds = this.#compare(left, right);
      if (this.#setup.node.returnBool) this.#put(output, i, holds);
      else if (holds === 1) this.#put(output, i, left);
    }
  }

  /** Notes the match; two matches for one result at the same step are an error. */
  #mark(output: Output, i: number): void {
    if (output.matched[i] === 1) {
      throw evaluationError(
        this.#setup.matching.cardinality === "one-to-one"
          ? "multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)"
          : "multiple matches for labels: grouping labels must ensure unique matches",
      );
    }
    output.matched[i] = 1;
    output.groupMatched[i] = 1;
  }

  #put({ column }: Output, i: number, value: Operand): void {
    if (column.present[i] !== ABSENT) {
      throw evaluationError("vector cannot contain metrics with the same labelset");
    }
    if (typeof value === "number") putFloat(column, i, value);
    else putHistogram(column, i, value);
  }
}

interface Output {
  readonly labels: Labels;
  readonly column: ColumnWriter;
  readonly matched: Uint8Array;
  readonly groupMatched: Uint8Array;
}

interface Pair {
  readonly many: Operand;
  readonly one: Operand;
  readonly i: number;
}

function elementAt(series: SeriesColumn, i: number): Operand {
  if (series.present[i] !== HISTOGRAM) return series.values[i]!;
  return series.histograms![i]!; // marked as a histogram
}

function marksOf<Key>(map: Map<Key, Uint8Array>, key: Key, run: QueryRun): Uint8Array {
  const known = map.get(key);
  if (known) return known;
  const marks = new Uint8Array(run.steps.count);
  map.set(key, marks);
  return marks;
}
