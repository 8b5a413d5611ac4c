import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import type { SpanTree } from "../charts/span-tree.ts";
import { magnitudeOf } from "../format/units.ts";

const QUARTERS = [0, 0.25, 0.5, 0.75, 1];

/** The time scale over the bars of a waterfall. */
export function TimeRuler({ tree }: { readonly tree: SpanTree }): VNode {
  const { t, format } = useApp();
  const lengthSeconds = (tree.endMs - tree.startMs) / 1000;
  const magnitude = magnitudeOf("s", lengthSeconds);
  return (
    <div class="ruler">
      <span class="ruler-name">
        {t("trace.span")}
        <span class="critical-key" aria-hidden="true" />{" "}
        <span class="cell-quiet">{t("trace.critical-path")}</span>
      </span>
      <span class="span-duration number">{t("column.duration")}</span>
      <span class="ruler-scale" aria-hidden="true">
        {QUARTERS.map((share) => (
          <span key={share} class="ruler-tick">
            {format.scaled(lengthSeconds * share, magnitude)}
          </span>
        ))}
      </span>
    </div>
  );
}
