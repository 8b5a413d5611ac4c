import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { lastValue } from "./plot-model.ts";
import { serviceStyle } from "./series-style.ts";
import { sparklinePath } from "./sparkline-path.ts";

const SIZE = { width: 160, height: 26 };

interface Props {
  readonly service: string;
  readonly values: readonly (number | null)[];
}

/** The request rate of a service over the range, small. */
export function Sparkline({ service, values }: Props): VNode {
  const { t, format } = useApp();
  const known = values.filter((value) => value !== null);
  const label =
    known.length === 0
      ? t("services.spark-empty")
      : t("services.spark", {
          min: format.quantity(Math.min(...known), "1/s"),
          max: format.quantity(Math.max(...known), "1/s"),
          last: format.quantity(lastValue(values), "1/s"),
        });
  return (
    <svg
      class="sparkline"
      role="img"
      aria-label={label}
      viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
      preserveAspectRatio="none"
    >
      <path
        d={sparklinePath(values, SIZE)}
        style={{ stroke: `var(${serviceStyle(service).colour})` }}
        vector-effect="non-scaling-stroke"
      />
    </svg>
  );
}
