import type { MetricType } from "@avx/model";
import { formatOpenMetricsFloat } from "../go-float.ts";
import { parseFloatText } from "./float-text.ts";

/**
 * The value of a label below a TYPE line: `le` of a histogram and `quantile` of a summary are written
 * as floats, "1.0" for "1", so that a series has one name whatever the format of the exposition
 * (Prometheus 3, model/textparse/promparse.go). What is no number stays as it is.
 */
export function boundLabel(type: MetricType | undefined, name: string, value: string): string {
  const isBound =
    (name === "le" && type === "histogram") || (name === "quantile" && type === "summary");
  if (!isBound) return value;
  const bound = parseFloatText(value);
  return bound === undefined ? value : formatOpenMetricsFloat(bound);
}
