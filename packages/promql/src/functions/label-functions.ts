import { labelValue, METRIC_NAME, withLabel } from "@avx/model";
import { evaluationError } from "../evaluator/evaluation-error.ts";
import { isLabelName } from "../evaluator/label-name.ts";
import type { CallNode } from "../evaluator/plan.ts";
import { mergeSameLabels } from "../evaluator/series-labels.ts";
import type { SeriesColumn } from "../evaluator/value.ts";
import { compileRegex, type FullMatchRegex } from "../matching/regex.ts";
import { textArgument, vectorArgument } from "./arguments.ts";
import type { FunctionImplementation } from "./function-implementation.ts";

function relabelled(series: SeriesColumn, name: string, value: string): SeriesColumn {
  const dropName = name === METRIC_NAME ? false : series.dropName;
  return { ...series, labels: withLabel(series.labels, name, value), dropName };
}

function assertLabelName(name: string, role: string): void {
  if (!isLabelName(name)) throw evaluationError(`invalid ${role}: ${name}`);
}

function regexArgument(call: CallNode, i: number): FullMatchRegex {
  const text = textArgument(call, i);
  try {
    return compileRegex(text);
  } catch {
    // The reason is of no use here: Prometheus names the regex only, and tools match its text.
    throw evaluationError(`invalid regular expression in label_replace(): ${text}`);
  }
}

/** `label_replace`: sets a label from the groups of a regex that matches another one's whole value. */
const LABEL_REPLACE: FunctionImplementation = {
  name: "label_replace",
  evaluate: async (call, run) => {
    const destination = textArgument(call, 1);
    const replacement = textArgument(call, 2);
    const source = textArgument(call, 3);
    const regex = regexArgument(call, 4);
    assertLabelName(destination, "destination label name in label_replace()");
    const { series } = await vectorArgument(call, 0, run);
    const replaced = series.map((one) => {
      const value = regex.expand(labelValue(one.labels, source), replacement);
      return value === undefined ? one : relabelled(one, destination, value);
    });
    return { kind: "vector", series: mergeSameLabels(replaced) };
  },
};

/** `label_join`: sets a label to the values of others with a separator between. */
const LABEL_JOIN: FunctionImplementation = {
  name: "label_join",
  evaluate: async (call, run) => {
    const destination = textArgument(call, 1);
    const separator = textArgument(call, 2);
    const sources = call.args.slice(3).map((_, i) => textArgument(call, i + 3));
    for (const source of sources) assertLabelName(source, "source label name in label_join()");
    assertLabelName(destination, "destination label name in label_join()");
    const { series } = await vectorArgument(call, 0, run);
    const joined = series.map((one) => {
      const value = sources.map((source) => labelValue(one.labels, source)).join(separator);
      return relabelled(one, destination, value);
    });
    return { kind: "vector", series: mergeSameLabels(joined) };
  },
};

/** Functions that change labels. */
export const LABEL_FUNCTIONS: readonly FunctionImplementation[] = [LABEL_REPLACE, LABEL_JOIN];
