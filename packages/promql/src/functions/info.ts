import {
  type LabelledSeries,
  type Labels,
  labelsKey,
  labelValue,
  METRIC_NAME,
  withLabel,
} from "@avx/model";
import { evaluationError } from "../evaluator/evaluation-error.ts";
import { labelsText } from "../evaluator/labels-text.ts";
import { latestIndices } from "../evaluator/latest-sample.ts";
import type { CallNode } from "../evaluator/plan.ts";
import type { QueryRun } from "../evaluator/query-run.ts";
import {
  ABSENT,
  type ColumnWriter,
  copyStep,
  newColumn,
  type SeriesColumn,
  seriesOf,
  type VectorValue,
} from "../evaluator/value.ts";
import { compileMatcher } from "../matching/compile-matcher.ts";
import { argument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";
import {
  IDENTIFYING_LABELS,
  type InfoMatchers,
  infoMatchers,
  infoRange,
  infoTime,
  isInfoMetric,
  matchersForTargets,
} from "./info-selection.ts";

/** An info series with the sample it has at each step (-1: none). */
interface InfoSeries {
  readonly source: LabelledSeries;
  readonly indices: Int32Array;
  /** Metric name and target: what a base series finds it by. */
  readonly key: string;
}

/** `info`: adds the data labels of info series to the series of the same target. */
async function info(call: CallNode, run: QueryRun): Promise<VectorValue> {
  const { series } = await vectorArgument(call, 0, run);
  const matchers = infoMatchers(call.args[1]);
  const isInfo = isInfoMetric(matchers);
  const enriched = series.filter(({ labels }) => !isInfo(labels));
  const time = infoTime(argument(call, 0));
  const targets = enriched.map(({ labels }) => labels);
  const selectors = matchersForTargets(targets, matchers);
  const sources = selectors ? await run.select(selectors, infoRange(time, run)) : [];
  const infos = sources.map((source): InfoSeries => {
    assertFloats(source);
    const name = labelValue(source.labels, METRIC_NAME);
    return {
      source,
      indices: latestIndices(source, time, run),
      key: targetKey(name, source.labels),
    };
  });
  const enricher = new Enricher(infos, matchers, run);
  for (let i = 0; i < run.steps.count; i++) {
    const due = run.breathe();
    if (due) await due;
    if (series.some(({ present }) => present[i] !== ABSENT)) enricher.enterStep(i);
    for (const one of series) {
      if (one.present[i] === ABSENT) continue;
      if (isInfo(one.labels)) enricher.keep(one, i);
      else enricher.enrich(one, i);
    }
  }
  return { kind: "vector", series: enricher.finish() };
}

function assertFloats({ histograms, labels }: LabelledSeries): void {
  if (!histograms?.some((histogram) => histogram && !histogram.stale)) return;
  throw evaluationError(`this should be an info metric, with float samples: ${labelsText(labels)}`);
}

function targetKey(name: string, labels: Labels): string {
  return JSON.stringify([name, ...IDENTIFYING_LABELS.map((label) => labelValue(labels, label))]);
}

/** Builds the enriched series step by step. */
class Enricher {
  readonly #infos: readonly InfoSeries[];
  readonly #names: readonly string[];
  readonly #data: InfoMatchers["data"];
  readonly #run: QueryRun;
  /** Whether a series without info series stays: only when no condition asks for a label. */
  readonly #keepsUnmatched: boolean;
  readonly #outputs = new Map<
    string,
    { readonly labels: Labels; readonly dropName: boolean; readonly column: ColumnWriter }
  >();
  #current = new Map<string, { readonly info: InfoSeries; readonly timeMs: number }>();

  constructor(infos: readonly InfoSeries[], matchers: InfoMatchers, run: QueryRun) {
    this.#infos = infos;
    this.#names = [...new Set(infos.map(({ source }) => labelValue(source.labels, METRIC_NAME)))];
    this.#data = matchers.data;
    this.#run = run;
    const conditions = [...matchers.data.values()].flat();
    this.#keepsUnmatched = conditions.every((matcher) => compileMatcher(matcher)(""));
  }

  /** Finds the newest info series of every target; two equally new ones contradict each other. */
  enterStep(i: number): void {
    this.#current = new Map();
    for (const info of this.#infos) {
      const at = info.indices[i]!;
      if (at < 0) continue;
      const timeMs = info.source.timestampsMs[at]!;
      const known = this.#current.get(info.key);
      if (known?.timeMs === timeMs) {
        const existing = labelsText(known.info.source.labels);
        throw evaluationError(
          `found duplicate series for info metric: existing ${existing} @ ${timeMs}, new ${labelsText(info.source.labels)} @ ${timeMs}`,
        );
      }
      if (!known || known.timeMs < timeMs) this.#current.set(info.key, { info, timeMs });
    }
  }

  keep(series: SeriesColumn, i: number): void {
    this.#put(series, series.labels, i);
  }

  enrich(series: SeriesColumn, i: number): void {
    let added = new Map<string, string>();
    let matched = false;
    for (const name of this.#names) {
      const found = this.#current.get(targetKey(name, series.labels));
      if (!found) continue;
      matched = true;
      added = this.#withLabelsOf(found.info, added, series.labels);
    }
    if (!matched && !this.#keepsUnmatched) return;
    let { labels } = series;
    for (const [name, value] of added) labels = withLabel(labels, name, value);
    this.#put(series, labels, i);
  }

  finish(): readonly SeriesColumn[] {
    return [...this.#outputs.values()].map(({ column, ...identity }) => seriesOf(column, identity));
  }

  #withLabelsOf(
    { source }: InfoSeries,
    added: Map<string, string>,
    base: Labels,
  ): Map<string, string> {
    for (let l = 0; l < source.labels.length; l += 2) {
      const name = source.labels[l]!;
      const value = source.labels[l + 1]!;
      if (name === METRIC_NAME || (this.#data.size > 0 && !this.#data.has(name))) continue;
      const other = added.get(name);
      if (other !== undefined && other !== value) {
        throw evaluationError(`conflicting label: ${name}`);
      }
      if (labelValue(base, name) === "") added.set(name, value);
    }
    return added;
  }

  #put({ dropName, ...series }: SeriesColumn, labels: Labels, i: number): void {
    const key = labelsKey(labels);
    const known = this.#outputs.get(key);
    if (known && known.column.present[i] !== ABSENT) {
      throw evaluationError("vector cannot contain metrics with the same labelset");
    }
    if (!known) this.#run.budget.claim(this.#run.steps.count);
    const output = known ?? { labels, dropName, column: newColumn(this.#run.steps.count) };
    this.#outputs.set(key, output);
    copyStep(output.column, { dropName, ...series }, i);
  }
}

/** `info` alone. */
export const INFO: FunctionImplementation = { name: "info", evaluate: info };
