import { dropLabels, keepLabels, type Labels, labelValue, withLabel } from "@avx/model";
import { withoutMetadata } from "../evaluator/series-labels.ts";
import type { VectorMatching } from "../parser/ast.ts";

/**
 * Labels of the result of a vector-vector operation: those of the "many" side, reduced to the match
 * labels for one-to-one, with the labels of `group_left(...)` taken from the "one" side.
 */
export function resultLabels(
  matching: VectorMatching,
  dropsName: boolean,
): (many: Labels, one: Labels) => Labels {
  const names = new Set(matching.labels);
  return (many, one) => {
    let labels = dropsName ? withoutMetadata(many) : many;
    if (matching.cardinality === "one-to-one") {
      labels = matching.on ? keepLabels(labels, names) : dropLabels(labels, names);
    }
    for (const name of matching.include) labels = withLabel(labels, name, labelValue(one, name));
    return labels;
  };
}
