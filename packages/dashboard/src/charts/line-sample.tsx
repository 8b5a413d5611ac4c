import type { VNode } from "preact";
import type { SeriesStyle } from "./series-style.ts";

/** A short piece of a line in its colour and dash, to name it in legends and tooltips. */
export function LineSample({ style }: { readonly style: SeriesStyle }): VNode {
  return (
    <svg class="line-sample" width="22" height="8" viewBox="0 0 22 8" aria-hidden="true">
      <line
        x1="1"
        x2="21"
        y1="4"
        y2="4"
        stroke-width={Math.max(2, style.widthPx)}
        stroke-dasharray={style.dash.join(" ")}
        style={{ stroke: `var(${style.colour})` }}
      />
    </svg>
  );
}
