import type { AnomalyRibbon as Ribbon } from "@avx/server/contract";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { ViewLink } from "../elements/view-link.tsx";
import { fixedRange } from "../state/time-range.ts";
import { ribbonPaths, worstCell } from "./ribbon-paths.ts";

const SIZE = { width: 180, height: 20 };
/** Time around a cell that is shown with it, so that the change is seen. */
const CONTEXT_MS = 300_000;

interface Props {
  readonly ribbon: Ribbon;
  readonly startMs: number;
  readonly cellMs: number;
}

/**
 * How unusual a service was, cell by cell: one link to the anomalies of the time, or of the cell that
 * the pointer or the arrow keys chose.
 */
export function AnomalyRibbon({ ribbon, startMs, cellMs }: Props): VNode {
  const { t, format } = useApp();
  const [cell, setCell] = useState<number | null>(null);
  const { service, scores, events } = ribbon;
  const last = scores.length - 1;
  const timeOf = (index: number): string => format.hourMinute(startMs + index * cellMs);
  const worst = worstCell(ribbon);
  const summary =
    worst < 0
      ? t("ribbon.none", { service })
      : t("ribbon.summary", {
          service,
          score: format.quantity(scores[worst] ?? null, "1"),
          time: timeOf(worst),
          count: events.filter((count) => count > 0).length,
        });
  const chosen =
    cell === null
      ? ""
      : t("ribbon.cell", {
          time: timeOf(cell),
          score: format.quantity(scores[cell] ?? null, "1"),
          count: events[cell] ?? 0,
        });
  const move = (event: KeyboardEvent): void => {
    const next = movedCell(event.key, cell, last);
    if (next === undefined) return;
    event.preventDefault();
    setCell(next);
  };
  const point = (event: MouseEvent & { readonly currentTarget: HTMLElement }): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * scores.length);
    setCell(Math.min(Math.max(at, 0), last));
  };
  const from = startMs + (cell ?? 0) * cellMs;
  const to = startMs + (cell === null ? scores.length : cell + 1) * cellMs;
  const around = cell === null ? 0 : CONTEXT_MS;
  return (
    <>
      <ViewLink
        to={{
          route: { page: "anomalies" },
          service,
          range: fixedRange(from - around, to + around),
        }}
        class="ribbon"
        label={summary}
        title={chosen === "" ? summary : chosen}
        onKeyDown={move}
        onMouseMove={point}
        onPointerDown={point}
        onMouseLeave={() => setCell(null)}
        onBlur={() => setCell(null)}
      >
        <svg
          viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {ribbonPaths(ribbon, SIZE).map(({ level, d }) => (
            <path key={level} class={`ribbon-${level}`} d={d} />
          ))}
          {cell !== null && (
            <rect
              class="ribbon-cursor"
              x={(cell * SIZE.width) / scores.length}
              width={SIZE.width / scores.length}
              height={SIZE.height}
            />
          )}
        </svg>
      </ViewLink>
      <output class="visually-hidden">{chosen}</output>
    </>
  );
}

/** The cell after a key: `undefined` when the key is not for the ribbon, `null` for none. */
function movedCell(key: string, cell: number | null, last: number): number | null | undefined {
  switch (key) {
    case "ArrowLeft":
      return cell === null ? last : Math.max(0, cell - 1);
    case "ArrowRight":
      return cell === null ? 0 : Math.min(last, cell + 1);
    case "Home":
      return 0;
    case "End":
      return last;
    case "Escape":
      return null;
    default:
      return undefined;
  }
}
