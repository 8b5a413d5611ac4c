import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useApp } from "../app-context.ts";
import { criticalPath, type SpanNode, type SpanTree, visibleRows } from "../charts/span-tree.ts";
import { nextRow, ROW_PX, rowWindow } from "../charts/waterfall-layout.ts";
import { TimeRuler } from "./time-ruler.tsx";
import { WaterfallRow } from "./waterfall-row.tsx";

interface Props {
  readonly tree: SpanTree;
  readonly chosenId: string | null;
  readonly onChoose: (spanId: string) => void;
}

/**
 * The spans of a trace over time. One stop for Tab; arrows move, left and right fold, Enter opens
 * the details. Only the rows that are seen are in the document, so ten thousand spans scroll well.
 */
export function Waterfall({ tree, chosenId, onChoose }: Props): VNode {
  const { t } = useApp();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [activeId, setActiveId] = useState(chosenId ?? tree.roots[0]?.span.spanId ?? "");
  const [scrollTop, setScrollTop] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => visibleRows(tree, folded), [tree, folded]);
  const critical = useMemo(() => criticalPath(tree), [tree]);
  const active = Math.max(
    0,
    rows.findIndex(({ span }) => span.spanId === activeId),
  );
  // The box grows with its rows, so its present height may be that of a folded trace.
  const viewportPx = window.innerHeight;
  const { first, end } = rowWindow(scrollTop, viewportPx, rows.length);

  useEffect(() => {
    if (chosenId !== null) setActiveId(chosenId);
  }, [chosenId]);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const top = active * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    const bottom = top + ROW_PX - element.clientHeight;
    if (bottom > element.scrollTop) element.scrollTop = bottom;
  }, [active]);

  const fold = (node: SpanNode, isFolded: boolean): void => {
    const next = new Set(folded);
    if (isFolded) next.add(node.span.spanId);
    else next.delete(node.span.spanId);
    setFolded(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const node = rows[active];
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = nextRow(event.key, {
      index: active,
      count: rows.length,
      pageRows: Math.floor(viewportPx / ROW_PX),
    });
    const target = next === null ? undefined : rows[next];
    if (target) setActiveId(target.span.spanId);
    else if (event.key === "ArrowRight") fold(node, false);
    else if (event.key === "ArrowLeft") fold(node, node.children.length > 0);
    else if (event.key === "Enter" || event.key === " ") onChoose(node.span.spanId);
    else return;
    event.preventDefault();
  };
  const rowId = (index: number): string => `span-row-${index}`;
  return (
    <section class="panel waterfall">
      <TimeRuler tree={tree} />
      <div
        ref={box}
        class="waterfall-rows"
        role="tree"
        tabIndex={0}
        aria-label={t("trace.tree")}
        aria-activedescendant={rowId(active)}
        onKeyDown={onKeyDown}
        onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      >
        <div class="waterfall-space" role="none" style={{ height: `${rows.length * ROW_PX}px` }}>
          {rows.slice(first, end).map((node, i) => (
            <WaterfallRow
              key={node.span.spanId}
              id={rowId(first + i)}
              node={node}
              tree={tree}
              topPx={(first + i) * ROW_PX}
              isActive={first + i === active}
              isChosen={node.span.spanId === chosenId}
              isFolded={folded.has(node.span.spanId)}
              isCritical={critical.has(node.span.spanId)}
              onFold={(isFolded) => fold(node, isFolded)}
              onChoose={() => onChoose(node.span.spanId)}
            />
          ))}
        </div>
      </div>
    </section>
  );
}
