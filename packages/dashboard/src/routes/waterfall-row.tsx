import type { VNode } from "preact";
import { useApp } from "../app-context.ts";
import { serviceStyle } from "../charts/series-style.ts";
import type { SpanNode, SpanTree } from "../charts/span-tree.ts";
import { barPlace } from "../charts/waterfall-layout.ts";
import { Icon } from "../elements/icon.tsx";

interface Props {
  readonly id: string;
  readonly node: SpanNode;
  readonly tree: SpanTree;
  readonly topPx: number;
  readonly isActive: boolean;
  readonly isChosen: boolean;
  readonly isFolded: boolean;
  readonly isCritical: boolean;
  readonly onFold: (isFolded: boolean) => void;
  readonly onChoose: () => void;
}

/** Indent by level, CSS px; deep levels are not indented further, or names would vanish. */
const INDENT_PX = 14;
const MAX_INDENT_LEVELS = 14;

/** One span: name at the left, its bar at the right. */
export function WaterfallRow(props: Props): VNode {
  const { t, format } = useApp();
  const { node, tree, isFolded } = props;
  const { span, depth, children } = node;
  const { leftPercent, widthPercent } = barPlace(span, tree);
  const hasChildren = children.length > 0;
  const offsetMs = span.startMs - tree.startMs;
  const states = ["span-row", span.status === "error" ? "is-error" : ""];
  if (props.isActive) states.push("is-active");
  if (props.isChosen) states.push("is-chosen");
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
    <div
      id={props.id}
      class={states.filter((state) => state !== "").join(" ")}
      role="treeitem"
      tabIndex={-1}
      aria-level={depth + 1}
      aria-expanded={hasChildren ? !isFolded : undefined}
      aria-selected={props.isChosen}
      style={{ transform: `translateY(${props.topPx}px)` }}
      onClick={props.onChoose}
    >
      <span
        class="span-name"
        style={{ paddingLeft: `${Math.min(depth, MAX_INDENT_LEVELS) * INDENT_PX}px` }}
      >
        <span
          class={hasChildren ? "span-fold" : "span-fold is-leaf"}
          aria-hidden="true"
          onClick={(event) => {
            if (!hasChildren) return;
            event.stopPropagation();
            props.onFold(!isFolded);
          }}
        >
          {hasChildren && <Icon name={isFolded ? "right" : "down"} />}
        </span>
        <span
          class="service-dot"
          style={{ background: `var(${serviceStyle(span.service).colour})` }}
        />
        {span.status === "error" && (
          <>
            <Icon name="failing" />
            <span class="visually-hidden">{t("trace.row-error")} </span>
          </>
        )}
        <bdi class="span-text">{span.name}</bdi>
        {node.isErrorOrigin && <span class="origin-mark">{t("trace.origin-short")}</span>}
        {node.isOrphan && <span class="cell-quiet">({t("trace.missing-parent")})</span>}
        <bdi class="span-service">{span.service}</bdi>
      </span>
      <span class="span-duration number">
        {format.quantity(span.durationMs / 1000, "s")}
        <span class="visually-hidden">
          , {t("trace.row-offset", { offset: format.quantity(offsetMs / 1000, "s") })}
        </span>
      </span>
      <span class="span-track" aria-hidden="true">
        <span
          class={props.isCritical ? "span-bar is-critical" : "span-bar"}
          style={{
            left: `${leftPercent}%`,
            width: `${widthPercent}%`,
            background: `var(${serviceStyle(span.service).colour})`,
          }}
        />
      </span>
    </div>
  );
}
